/*
 * record_fields: the names and kinds of a record's fields, as its query returns them.
 *
 * They are read once, when a request first needs them, and never change: the query is part of the
 * program.
 */
#pragma once
#include "api/query/query_template.h"
#include "base/deadline.h"

#include <stdatomic.h>

enum { FIELDS_MAXIMUM = 48 };

struct record_fields {
	size_t count;
	struct {
		char *name;
		enum rows_kind kind;
	} field[FIELDS_MAXIMUM];
};

/* The fields of the records that the query returns, from *known once they are there. Fails with
 * ERROR_UNAVAILABLE when they were not read before and the database is not available. */
MUST_CHECK bool record_fields_get(_Atomic(struct record_fields *) *known,
				  const struct query_template *template, struct db *db,
				  struct deadline deadline, const struct record_fields **fields,
				  struct error *err);

/* To be called when no request is in progress. */
void record_fields_free(_Atomic(struct record_fields *) *fields);

/* True when the comma-separated list `names` holds the name. */
bool record_fields_listed(const char *names, const char *name);
