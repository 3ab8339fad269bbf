/*
 * bind: gives the named parameters of a statement their values for one request.
 *
 * Filters come from the query or the path (a list becomes an array), $key is the last value of
 * the path; the rest is below.
 */
#pragma once
#include "api/query/query_builder.h"
#include "http/message/request.h"

/* What a page needs beyond the request's own parameters; NULL where it does not apply. */
struct page_position {
	const char *limit, *few, *total, *after_value, *after_key;
};

/* Where a parameter has its value from. */
enum source {
	SOURCE_FILTER, /* the query, the path or the document, by its name */
	SOURCE_DAY,
	SOURCE_LANG,
	SOURCE_BASE,
	SOURCE_KEY,
	SOURCE_COLLECTIONS,
	SOURCE_COUNTRY_SECTIONS,
	SOURCE_TREATY_SECTIONS,
	SOURCE_LIMIT,
	SOURCE_FEW,
	SOURCE_TOTAL,
	SOURCE_AFTER_VALUE,
	SOURCE_AFTER_KEY,
	SOURCES
};

/* That of the parameter with this name. */
enum source parameter_values_source(const char *name);

/* Fills values[] for db_rows; the texts live as long as the request. */
MUST_CHECK bool parameter_values_bind(const struct request *request,
				      const struct derived_query *derived,
				      const struct page_position *page,
				      const char *values[QUERY_PARAMETERS], struct error *err);
