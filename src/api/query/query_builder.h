/*
 * query_builder: derives the queries of a document from its .sql file.
 *
 * The file holds a plain SELECT whose columns are the record's fields, with its filters as marked
 * parts at the end (api/query/query_template.h). Around it the builder writes, once at start: a
 * page for each sort key and direction, the single record, the other spellings of an identifier,
 * and for a profile all its sections in one query.
 *
 * The templates belong to the caller (query_template_free). After a failure they are all-zero.
 */
#pragma once
#include "api/document.h"
#include "api/query/query_template.h"

/* Columns of pages and records. A list without rows is one row whose record is NULL. */
enum {
	COLUMN_RECORD,	 /* json */
	COLUMN_CURSOR,	 /* page: json array [sort value, identifier]; record: its own revision */
	COLUMN_REVISION, /* of the dataset, as this query saw it */
	COLUMN_CHANGED,	 /* when the dataset got that revision, in microseconds since 1970 */
	COLUMN_TOTAL,	 /* page with $total: the number of rows that pass the filters */
	COLUMN_UNDATED	 /* with $undated: of those that lack a date that a filter asks for */
};

/* One page in the order of `sort`. A document with its own query must return the columns above;
 * that query has the parameters below, and only one order. With $after_value and $after_key it
 * continues after that row; $few has a value when $limit is at most one more than LIMIT_MAXIMUM. */
MUST_CHECK bool query_builder_page(const struct document *document, const struct sort *sort,
				   bool descending, struct query_template *template,
				   struct error *err);

/* The record whose identifier is $key, or the one row of a document without a key. */
MUST_CHECK bool query_builder_record(const struct document *document,
				     struct query_template *template, struct error *err);

/* The identifier that equals $key except for the case of its letters. */
MUST_CHECK bool query_builder_spelling(const struct document *document,
				       struct query_template *template, struct error *err);

/* No rows, but the names and types of the record's fields. */
MUST_CHECK bool query_builder_fields(const struct document *document,
				     struct query_template *template, struct error *err);

/* The sections of a document in one object. When the first has a key, it is the record that $key
 * names; without that record the object is NULL. */
MUST_CHECK bool query_builder_sections(const struct document *document,
				       struct query_template *template, struct error *err);

/* The records of the sections one after the other, at most $limit, all of one moment. Those of
 * lists are wrapped with the name of their section: {"type": name, "data": record}. */
MUST_CHECK bool query_builder_lines(const struct document *document,
				    struct query_template *template, struct error *err);
