/*
 * rate_limit: how many requests each client may still send.
 *
 * A token bucket for each client (address_client). A full bucket holds the whole allowance; it
 * fills evenly. The table has a fixed size: a new client evicts the fullest of a few buckets, which
 * loses least, so that requests from many addresses neither grow the table nor erase the records of
 * other clients.
 */
#pragma once
#include <stdint.h>

#include "base/address.h"
#include "base/error.h"
#include "http/message/exchange.h"

struct rate_limit;

/* `requests` in `seconds`, both from 1. Fails when out of memory. */
MUST_CHECK bool rate_limit_open(long requests, long seconds, struct rate_limit **limit,
				struct error *err);
void rate_limit_close(struct rate_limit **limit);

/* Takes one request from the client's bucket unless it is empty. `now` is in nanoseconds of a
 * monotonic clock. Thread-safe. */
struct allowance rate_limit_take(struct rate_limit *limit, const struct address *client,
				 uint64_t now);

/* Returns one request to the bucket. */
void rate_limit_return(struct rate_limit *limit, const struct address *client);
