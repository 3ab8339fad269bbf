/*
 * csv_format: records as comma-separated values (RFC 4180).
 *
 * The columns are a record's fields in order: scalars unchanged, lists of scalars joined by ';',
 * `source` as source_id, source_url and source_as_of, other sources likewise, objects with a member
 * for each treaty as a column for each treaty. Other nested fields are left out.
 */
#pragma once
#include "api/query/query_catalogue.h"
#include "base/buffer.h"

/* Adds the header line. `only` is a comma-separated list of fields, NULL for all. */
void csv_format_header(struct buffer *table, const struct record_fields *fields, const char *only);

/* Adds a record, given as JSON, as a line. */
MUST_CHECK bool csv_format_row(struct buffer *table, const struct record_fields *fields,
			       const char *only, const char *json, size_t length,
			       struct error *err);
