/*
 * query_catalogue: the queries of all documents, derived once at start.
 */
#pragma once
#include "api/document.h"
#include "api/query/query_template.h"
#include "base/deadline.h"

#include <stdatomic.h>

enum { FIELDS_MAXIMUM = 48 };

/* The names and kinds of a record's fields, as its query returns them. They never change: the query
 * is part of the program. */
struct record_fields {
	size_t count;
	struct {
		char *name;
		enum rows_kind kind;
	} field[FIELDS_MAXIMUM];
};

/* The queries of one document; NULL where it has no such query. */
struct document_queries {
	const struct document *document;
	const struct query_template *page[DOCUMENT_SORTS][2]; /* by sort key, descending */
	const struct query_template *record, *spelling, *fields, *sections;
	_Atomic(struct record_fields *) known_fields; /* NULL: not read yet */
};

struct query_catalogue {
	struct query_template *templates;
	size_t template_count;
	const struct query **whole; /* of each template, to be checked at start; then NULL */
	struct document_queries *documents;
	size_t document_count;
	const struct query_template *country_code, *retraction, *applied, *rights, *revision;
};

/* Derives the queries of `documents`, which ends with a null pointer. */
MUST_CHECK bool query_catalogue_open(const struct document *const *documents,
				     struct query_catalogue **catalogue, struct error *err);

/* To be called when no query is in use. */
void query_catalogue_close(struct query_catalogue **catalogue);

/* The queries of a document, which must be one of those of query_catalogue_open. */
struct document_queries *query_catalogue_find(const struct query_catalogue *catalogue,
					      const struct document *document);

/* The fields of a document's record, read when a request first needs them. Fails with
 * ERROR_UNAVAILABLE when they were not read before and the database is not available. */
MUST_CHECK bool query_catalogue_fields(const struct query_catalogue *catalogue,
				       const struct document *document, struct db *db,
				       struct deadline deadline,
				       const struct record_fields **fields, struct error *err);
