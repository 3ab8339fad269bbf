/*
 * document: what the generic handlers need to know of a resource. documents.c has them all;
 * routes.c names one for each route as its `detail`.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/embedded.h"

enum sort_kind { SORT_NONE, SORT_TEXT, SORT_NAME, SORT_DATE, SORT_NUMBER };

/* A key that a list can be sorted by. Unknown values (NULL) come last in both directions. */
struct sort {
	const char *name; /* in `sort=`, and the column */
	enum sort_kind kind;
	bool descending;   /* as a default: newest first */
	const char *value; /* SQL expression to sort by; NULL: the column itself */
};

/* A filter that the address itself fixes: reservations are statements of one kind. */
struct fixed {
	const char *name, *value;
};

enum { DOCUMENT_SORTS = 5, DOCUMENT_FIXED = 2 };

struct include;

struct document {
	const char *relation;	    /* as `change` names it; NULL: nothing to retract */
	const struct embedded *sql; /* NULL: a document of sections */
	const char *key;	/* SQL expression over the columns: the identifier, tie-breaker */
	const char *identifier; /* the columns behind `key`, comma-separated; NULL: key's own */
	const char *tie;	/* tie-breaker as an SQL expression of its own type; NULL: key */
	const char *found;   /* SQL condition: the row is the one that $key names; NULL: by key */
	const char *changed; /* when a row last changed, as RFC 3339; NULL: q.updated_at */
	const char *since;   /* SQL condition: it changed by $updated_since; NULL: by `changed` */
	struct sort sorts[DOCUMENT_SORTS]; /* the first is the default */
	struct fixed fixed[DOCUMENT_FIXED];
	const struct include *includes; /* what `include=` may embed; ends with an all-zero one */
	const struct section *sections; /* ends with an all-zero one */
	bool legal_time;		/* the answer depends on the day */
	bool whole;			/* without `limit` a list gives all its rows */
	bool revised;			/* has a column `revision` of its own */
	bool lines;			/* the records of its sections follow each other */
	bool entry;			/* the way in: its Link leads to the contract */
	bool feed; /* rows only come at the end: the last page says where to go on later */
};

enum section_kind {
	SECTION_RECORD, /* one row: the one that $key names when the document has a key */
	SECTION_LIST,	/* all rows in the default order */
	SECTION_VALUE	/* the column `value` of one row */
};

/* A member of a profile: what its own address gives as `data`. */
struct section {
	const char *name;
	const struct document *document;
	enum section_kind kind;
};

/* Records of another document that `include=` embeds in one, below `included`. They are those that
 * the other document gives without filters: one or null with SECTION_RECORD, else a list in its
 * default order. */
struct include {
	const char *name; /* in `include=` and below `included` */
	const struct document *document;
	enum section_kind kind;
	const char *condition; /* SQL: the embedded row q belongs to the row `around` it */
};
