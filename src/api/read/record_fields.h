/*
 * fields: the names and kinds of a record's fields, as its statement gives them.
 *
 * They are asked for once and kept as long as the service runs: the statement is part of it.
 */
#pragma once
#include "db/db.h"
#include "http/message/request.h"

#include <stdatomic.h>

enum { FIELDS_MAXIMUM = 48 };

struct record_fields {
	size_t count;
	struct {
		char *name;
		enum rows_kind kind;
	} field[FIELDS_MAXIMUM];
};

/* The fields of the route's document. Fails with ERROR_UNAVAILABLE when they are not known yet and
 * the database is away. */
MUST_CHECK bool record_fields_get(const struct request *request,
				  const struct record_fields **fields, struct error *err);

/* Frees what was kept; to be called when no request is running. */
void record_fields_free(_Atomic(struct record_fields *) *fields);

/* True when the comma-separated list `names` holds the name. */
bool record_fields_listed(const char *names, const char *name);

/* The columns that identify a record of the route's document, comma-separated. */
const char *record_fields_identifier(const struct request *request);
