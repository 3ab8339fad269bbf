/*
 * source_location: from a staging row back to its place in the file.
 */
#pragma once
#include "command/import/dataset.h"

struct source_location {
	const char *file;
	unsigned line, column; /* from 1; a column is a character */
	const char *label; /* CSV: the field, or "". JSON: the pointer of the value (RFC 6901) */
};

/* Locates a field of a staging row; `field` NULL means the row itself. `field` is a name or, in
 * JSON, a pointer from the record without its first slash. Returns false when out of memory. */
bool source_location_of(struct dataset *dataset, size_t row, const char *field,
			struct source_location *location);

/* Adds a problem with a field of a staging row. */
void source_location_problem(struct dataset *dataset, size_t row, const char *field,
			     const char *reason);

/* Locates the value that a pointer names in a valid JSON text, or the nearest one around it when
 * there is no such value. */
void source_location_json(const char *text, const char *pointer, unsigned *line, unsigned *column);
