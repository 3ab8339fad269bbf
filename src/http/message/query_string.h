/*
 * query: the query string, read strictly.
 *
 * Pairs are separated by '&', name and value by the first '='. A '+' is a space, as browsers'
 * forms and URLSearchParams write it; a plus sign itself is %2B.
 */
#pragma once
#include "base/arena.h"

struct query_pair {
	const char *name;  /* decoded; as sent when it cannot be decoded */
	const char *value; /* decoded; NULL when there is a fault */
	const char *fault; /* what is wrong with the pair as a sentence, or NULL */
};

/* Parses a query. `pairs` has `maximum` elements; *count may exceed that by one: then more were
 * sent, and the last one is not filled. False when out of memory. */
MUST_CHECK bool query_string_read(const char *query, struct arena *arena, struct query_pair *pairs,
				  size_t maximum, size_t *count, struct error *err);
