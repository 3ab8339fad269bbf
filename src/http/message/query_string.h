/*
 * query_string: a strict parser of the query string.
 *
 * Pairs are separated by '&', name and value by the first '='. A '+' is a space, as in HTML forms
 * and URLSearchParams; a plus sign is %2B.
 */
#pragma once
#include "base/arena.h"

struct query_pair {
	const char *name;  /* decoded; as sent when decoding fails */
	const char *value; /* decoded; NULL when there is a fault */
	const char *fault; /* a sentence about the error of the pair, or NULL */
};

/* Parses a query into `pairs`, which has `maximum` elements. *count is `maximum` + 1 when more
 * pairs were sent. Fails with ERROR_INTERNAL when out of memory. */
MUST_CHECK bool query_string_read(const char *query, struct arena *arena, struct query_pair *pairs,
				  size_t maximum, size_t *count, struct error *err);
