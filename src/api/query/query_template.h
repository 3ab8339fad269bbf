/*
 * query_template: SQL text with named parameters and optional parts, parsed once at start.
 *
 * Comment lines mark an optional part, which belongs to a query only when its parameter has a
 * value:
 *
 *	-- filter country
 *	AND a.country = ANY ($country::text[])
 *
 * A filter ends at the next filter, at the line `-- end`, or with the text. The builder marks
 * other parts with `-- with NAME`; these end only at `-- end`, and may contain other parts. All
 * other comments are dropped.
 *
 * A query with all filters, each of which may be NULL, would be one text for all requests. But the
 * planner cannot estimate `$x IS NULL OR ...` and ignores the indexes. For the same reason
 * `= ANY ($x::text[])` becomes a comparison with one value when the list has one.
 */
#pragma once
#include <stdint.h>

#include "base/buffer.h"
#include "db/db.h"

enum { QUERY_PARAMETERS = 48 };

/* A filter begins with this and its parameter's name. */
#define QUERY_FILTER "-- filter "

struct query_piece;

struct query_template {
	const char *name;
	char *text; /* the pieces point into it */
	struct query_piece *pieces;
	size_t piece_count;
	size_t parameters;			       /* their number */
	const char *parameter_names[QUERY_PARAMETERS]; /* malloced */
	struct query whole;			       /* with all parts; to be checked at start */
};

/* Parses `text`, which is copied. *template belongs to the caller (query_template_free), and is
 * all-zero after a failure. */
MUST_CHECK bool query_template_parse(const char *name, const char *text,
				     struct query_template *template, struct error *err);
void query_template_free(struct query_template *template);

/* Composes a query of the parts whose parameters are in `given` (a bit for each); `single` are
 * those that are lists of one value. places[] become those of its parameters among the template's.
 * *query belongs to the caller (query_template_free_query) and is valid as long as the template. */
MUST_CHECK bool query_template_compose(const struct query_template *template, uint64_t given,
				       uint64_t single, struct query *query,
				       unsigned char places[QUERY_PARAMETERS], struct error *err);

/* Composes the query for parameters that have these values; NULL is no value. bound[] become the
 * values of its parameters. *query as above. */
MUST_CHECK bool query_template_bind(const struct query_template *template,
				    const char *const *values, struct query *query,
				    const char *bound[QUERY_PARAMETERS], struct error *err);
void query_template_free_query(struct query *query);
