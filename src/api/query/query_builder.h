/*
 * statement: derives the prepared statements of a document from its .sql file.
 *
 * The file holds a plain SELECT whose columns are the record's fields. Around it are built, once
 * at start: a page for each sort key and direction (with and without a cursor), the single
 * record, the other spellings of an identifier, and for a profile all its sections in one
 * statement. Named parameters ($day) become numbered ones.
 *
 * What these functions fill belongs to the caller (query_builder_free); on failure it is all-zero.
 */
#pragma once
#include "api/document.h"
#include "db/db.h"

enum { QUERY_PARAMETERS = 48 };

/* A statement and its parameters, in the order of their numbers. */
struct derived_query {
	struct query query;
	const char *parameters[QUERY_PARAMETERS];	/* their names */
	unsigned char sources[QUERY_PARAMETERS];	/* enum source (api/bind.h) */
	unsigned char general_places[QUERY_PARAMETERS]; /* of a narrow one (api/narrow.h): where
							 * they are in the general one */
};

/* Columns of pages and records. A list without rows is one row whose record is NULL. */
enum {
	COLUMN_RECORD,	 /* json */
	COLUMN_CURSOR,	 /* page: json array [sort value, identifier]; record: its own revision */
	COLUMN_REVISION, /* of the dataset, as this statement saw it */
	COLUMN_TOTAL,	 /* page: number of rows of the filter set, NULL unless $total */
	COLUMN_CHANGED	 /* when the dataset got that revision, in seconds since 1970 */
};

/* Frees what a derivation made; *derived is all-zero after. */
void query_builder_free(struct derived_query *derived);

/* One page in the order of `sort`; `after` continues behind $after_value and $after_key. $few is
 * given when $limit is at most one more than LIMIT_MAXIMUM. */
MUST_CHECK bool query_builder_page(const struct document *document, const struct sort *sort,
				   bool descending, bool after, struct derived_query *derived,
				   struct error *err);

/* The record whose identifier is $key. */
MUST_CHECK bool query_builder_record(const struct document *document, struct derived_query *derived,
				     struct error *err);

/* The identifier that equals $key but for the case of its letters. */
MUST_CHECK bool query_builder_spelling(const struct document *document,
				       struct derived_query *derived, struct error *err);

/* No rows, but the names and types of the record's fields. Sorted by all keys, so that one that
 * does not exist is found at start, while pages are prepared when they are asked for. */
MUST_CHECK bool query_builder_fields(const struct document *document, struct derived_query *derived,
				     struct error *err);

/* The sections of a document in one object. When the first has a
 * key, it is the record that $key names, and without it there is nothing. */
MUST_CHECK bool query_builder_sections(const struct document *document,
				       struct derived_query *derived, struct error *err);

/* The records of the sections one after the other, at most $limit, all of one moment. Those of
 * lists stand with the name of their section: {"type": name, "data": record}. */
MUST_CHECK bool query_builder_lines(const struct document *document, struct derived_query *derived,
				    struct error *err);

/* A file as it stands. */
MUST_CHECK bool query_builder_plain(const struct embedded *sql, struct derived_query *derived,
				    struct error *err);
