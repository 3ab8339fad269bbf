/*
 * csv: comma-separated values as in RFC 4180, read strictly and with the position of every cell.
 *
 * A line ends with LF or CRLF. A cell is quoted as a whole or not at all; a quoted cell may contain
 * line ends, and its quotes are doubled. The reader does not fail on malformed cells: it marks them
 * and continues, so that one pass finds all mistakes.
 */
#pragma once
#include <stddef.h>

#include "base/buffer.h"

#define CSV_FILE_BYTES ((size_t)64 << 20)
#define CSV_CELL_BYTES ((size_t)64 << 10)
#define CSV_ROW_CELLS ((size_t)64)

struct csv_cell {
	const char *text; /* without its quotes; ends with a zero byte */
	size_t length;
	unsigned line, column; /* where it begins, from 1; a column is a character */
	const char
		*wrong; /* the reason why it is malformed, or NULL; lives as long as the process */
};

struct csv_row {
	struct csv_cell cells[CSV_ROW_CELLS]; /* their texts live until the next row is read */
	size_t count; /* cells in the file; only the first CSV_ROW_CELLS are stored */
};

/* Private, except `at` and `line`, which the caller may store to return to a row. */
struct csv_reader {
	const char *text;
	size_t length, at;
	unsigned line, column;
	bool unterminated; /* the text ended inside quotes */
	struct buffer decoded;
};

/* Reads text, which must outlive the reader, from its byte `at` in line `line` (0 and 1 for all of
 * it). Fails with ERROR_BAD_REQUEST when it is longer than CSV_FILE_BYTES. */
MUST_CHECK bool csv_open(struct csv_reader *reader, const char *text, size_t length, size_t at,
			 unsigned line, struct error *err);
void csv_close(struct csv_reader *reader);

/* Reads the next row; false at the end of the text. */
bool csv_read(struct csv_reader *reader, struct csv_row *row);

/* Adds text as one cell, in quotes only where it needs them. Commas and line ends are the
 * caller's: a table knows its own. */
void csv_write(struct buffer *out, const char *text);
