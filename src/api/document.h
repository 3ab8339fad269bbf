/*
 * document: what the generic handlers need to know about a resource. documents.c defines them all;
 * routes.c names one for each route as its `detail`.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/embedded.h"

/* Rows of a page: by default, at most, and at most in the formats that are read in bulk. */
enum { LIMIT_DEFAULT = 100, LIMIT_MAXIMUM = 500, LIMIT_TABLE = 10000 };

enum sort_kind { SORT_NONE, SORT_TEXT, SORT_NAME, SORT_DATE, SORT_NUMBER };

/* A sort key of a list. Unknown values (NULL) come last in both directions. */
struct sort {
	const char *name; /* in `sort=`, and the column */
	enum sort_kind kind;
	bool descending;   /* by default: newest first */
	const char *value; /* SQL expression to sort by; NULL: the column itself */
};

/* A filter that the address implies: reservations are statements of one kind, declarations of
 * several. The parameter of the same name, where the route has one, narrows it. */
struct fixed {
	const char *name, *value; /* the value as a parameter's canonical one */
};

enum { DOCUMENT_SORTS = 5, DOCUMENT_FIXED = 2 };

struct include;

struct document {
	const char *relation;	     /* as `change` names it; NULL: it cannot be retracted */
	const struct embedded *sql;  /* NULL: a document of sections */
	const struct embedded *page; /* its own query of a page; NULL: derived from `sql` */
	const char *key; /* SQL expression over the columns: the identifier, tie-breaker; NULL: the
			  * document is the one row of `sql`, which parameters select */
	const char *identifier; /* the columns in `key`, comma-separated; NULL: the column `key` */
	const char *tie;	/* SQL expression: a tie-breaker of another type; NULL: key */
	const char *found;	/* SQL condition: $key identifies the row; NULL: it equals `key` */
	const char *spelled;	/* SQL condition: another spelling of the identifier, $key, means
				 * the row; NULL: one in another letter case */
	const char *since; /* SQL condition: it changed by $updated_since; NULL: by q.updated_at */
	struct sort sorts[DOCUMENT_SORTS]; /* the first is the default */
	const char *rank; /* SQL expression: how well $q finds the row, a digit; the rows with the
			   * lowest come first. NULL: $q does not change the order. The sort keys of
			   * such a document are texts and names */
	const char *const *dates; /* columns that are filters of a list: `in_force_on=2024`; ends
				   * with a null pointer */
	struct fixed fixed[DOCUMENT_FIXED];
	const struct include *includes; /* what `include=` may embed; ends with an all-zero one */
	const struct section *sections; /* ends with an all-zero one */
	bool legal_time;		/* the response depends on the day */
	bool whole;			/* without `limit` a list has all rows */
	bool revised;			/* has a column `revision` */
	bool lines;			/* the records of its sections follow each other */
	bool feed; /* rows are only added at the end: the last page says where to resume */
};

enum section_kind {
	SECTION_RECORD, /* one row: the one that $key identifies when the document has a key */
	SECTION_LIST,	/* all rows in the default order */
	SECTION_VALUE	/* the column `value` of one row */
};

/* A member of a profile: the `data` of another address. */
struct section {
	const char *name;
	const struct document *document;
	enum section_kind kind;
};

/* Records of another document that `include=` embeds in one, in the member `included`. They are
 * the other document's rows without filters: one or null with SECTION_RECORD, otherwise a list in
 * its default order. */
struct include {
	const char *name; /* in `include=` and in `included` */
	const struct document *document;
	enum section_kind kind;
	const char *condition; /* SQL: the embedded row q belongs to the row `around` it */
};
