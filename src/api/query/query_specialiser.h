/*
 * narrow: statements for just the filters that a request gives.
 *
 * A statement with all its filters, each of which may be NULL, leaves the planner in the dark: it
 * guesses that next to nothing passes them, and cannot use the index of any. From such a statement
 * are made, when they are first asked for, those in which the filters that were not given are gone
 * and the others are plain conditions. They live as long as the collection of them; when there are
 * NARROW_MAXIMUM, further requests get the statement with all filters.
 */
#pragma once
#include "api/query/query_builder.h"

enum { NARROW_MAXIMUM = 256 };

struct narrowed;

/* NULL when out of memory. */
struct narrowed *query_specialiser_open(void);
void query_specialiser_close(struct narrowed **narrowed);

/* The statement for `values`, which are bound to `general`: what is NULL there is gone, a list of
 * one is a single value. *values become those of what is given back, which stays the collection's;
 * it is `general` itself when there is no other. */
const struct derived_query *query_specialiser_get(struct narrowed *narrowed,
						  const struct derived_query *general,
						  const char *values[QUERY_PARAMETERS]);

/* Makes one: `given` and `single` have a bit for each parameter of general. *derived is the
 * caller's (query_builder_free), all-zero on failure. */
MUST_CHECK bool narrow(const struct derived_query *general, uint64_t given, uint64_t single,
		       const char *name, struct derived_query *derived, struct error *err);
