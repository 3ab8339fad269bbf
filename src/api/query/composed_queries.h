/*
 * composed_queries: a bounded LRU table of the queries that were composed for requests.
 *
 * Equal requests share a query, so that a connection prepares and plans it once. Each query has a
 * name that no other text ever has.
 */
#pragma once
#include "api/query/query_template.h"

enum { COMPOSED_MAXIMUM = 256 };

struct composed_query {
	struct query query;
	unsigned char places[QUERY_PARAMETERS]; /* of its parameters among the template's */
	const struct query_template *template;
	uint64_t given, single;
	size_t references; /* one is the table's */
	struct composed_query *next;
};

struct composed_queries;

/* NULL when out of memory. */
struct composed_queries *composed_queries_open(void);

/* To be called when no query is in use. */
void composed_queries_close(struct composed_queries **table);

/* The template's query for parameters that have these values; NULL is no value. It stays valid
 * until composed_queries_release, even when the table evicts it. */
MUST_CHECK bool composed_queries_use(struct composed_queries *table,
				     const struct query_template *template,
				     const char *const *values, struct composed_query **composed,
				     struct error *err);
void composed_queries_release(struct composed_queries *table, struct composed_query *composed);
