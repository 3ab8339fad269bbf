/*
 * cached_response: a response as the cache stores it: its body plain and as gzip, and the header
 * fields that belong to it.
 */
#pragma once
#include "api/read/representation.h"
#include "cache/entry.h"
#include "http/message/service.h"
#include "http/message/response.h"

/* Makes an entry of a representation, valid on this day (cache/entry.h), and takes ownership of its
 * body. The entry has a gzip body when that is smaller, and when either `keep` is set or the
 * request accepts gzip. NULL when out of memory. */
struct entry *cached_response_entry(const struct request *request, const char *key, long day,
				    bool keep, struct representation *representation);

/* Takes ownership of a use of the entry. */
struct recallable cached_response_recall(struct entry *entry);

/* Fills the response from an entry and takes ownership of that use of it. `origin` is "hit", "miss"
 * or "stale"; `age` is in seconds, for a response that may be stale; -1: it is current. */
void cached_response_send(struct response *response, const struct request *request,
			  struct entry **entry, const char *origin, long age);
