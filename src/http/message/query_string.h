/*
 * query_string: a strict parser of the query string.
 *
 * Pairs are separated by '&', name and value by the first '='. A '+' is a space, as in HTML forms
 * and URLSearchParams; a plus sign is %2B.
 */
#pragma once
#include "base/arena.h"
#include "base/error.h"

struct query_pair {
	const char *name;	/* decoded; as sent when decoding fails */
	const char *value;	/* decoded; NULL when there is a fault */
	struct bilingual fault; /* a sentence about the error of the pair, if it has one */
};

/* The value of `lang` in a query that has not been parsed: "en", "fr", or NULL for any other. A
 * problem with the rest of the query is reported in that language. */
const char *query_string_language(const char *query);

/* Parses a query into `pairs`, which has `maximum` elements. *count is `maximum` + 1 when more
 * pairs were sent. Fails with ERROR_INTERNAL when out of memory. */
MUST_CHECK bool query_string_read(const char *query, struct arena *arena, struct query_pair *pairs,
				  size_t maximum, size_t *count, struct error *err);
