/*
 * rows: the result of a query, as text.
 */
#pragma once
#include <stddef.h>

/* All-zero is empty. */
struct rows {
	size_t count, columns;
	void *result; /* owned; only db looks inside */
};

void rows_free(struct rows *rows);

/* The text at row and column, NULL for SQL NULL; lives as long as rows. */
const char *rows_text(const struct rows *rows, size_t row, size_t column);
size_t rows_length(const struct rows *rows, size_t row, size_t column);

enum rows_kind { ROWS_SCALAR, ROWS_LIST, ROWS_JSON };

/* The name of a column, which lives as long as rows, and what its values are. */
const char *rows_name(const struct rows *rows, size_t column);
enum rows_kind rows_kind(const struct rows *rows, size_t column);
