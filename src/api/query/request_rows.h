/*
 * request_rows: the rows of a document's query for one request.
 *
 * Filters get their values from the query string and the path (a list becomes an array), $key is
 * the last value in the path. Other parameters are listed in request_rows.c.
 */
#pragma once
#include "api/query/query_template.h"
#include "http/message/request.h"

/* The parameters of a page that no request names directly; NULL where one does not apply. */
struct page_position {
	const char *limit, *few, *total, *undated, *after_value, *after_key;
};

/* Composes the query from the parts that the request has values for, and runs it. The export and
 * formats that are read in bulk have the longer timeout. Fails as db_rows does. */
MUST_CHECK bool request_rows_read(const struct request *request, struct db *db,
				  const struct query_template *template,
				  const struct page_position *page, struct rows *rows,
				  struct error *err);
