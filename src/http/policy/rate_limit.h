/*
 * rate_limit: a token bucket for each client (address_client).
 *
 * A full bucket holds the whole allowance; it refills continuously. The table has a fixed size: a
 * new client replaces the fullest of a few buckets, which loses least. So requests from many
 * addresses neither grow the table nor reset the bucket of a busy client.
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

/* Takes one request from the client's bucket if it has one. `now` is in nanoseconds of a clock
 * that never goes back. May be called from any thread. */
struct allowance rate_limit_take(struct rate_limit *limit, const struct address *client,
				 uint64_t now);

/* Returns one request to the bucket. */
void rate_limit_return(struct rate_limit *limit, const struct address *client);
