#include "codec/csv.h"

#include "base/utf8.h"

#include <string.h>

#include "base/banned.h"

#define END (-1)

bool csv_open(struct csv_reader *reader, const char *text, size_t length, size_t at, unsigned line,
	      struct error *err)
{
	if (length > CSV_FILE_BYTES)
		return error_set(err, ERROR_BAD_REQUEST, "is larger than 64 MiB");
	*reader = (struct csv_reader){
		.text = text, .length = length, .at = at, .line = line, .column = 1};
	return true;
}

void csv_close(struct csv_reader *reader)
{
	buffer_free(&reader->decoded);
}

static int peek(const struct csv_reader *reader, size_t ahead)
{
	return reader->length - reader->at > ahead ? (unsigned char)reader->text[reader->at + ahead]
						   : END;
}

static void step(struct csv_reader *reader)
{
	unsigned char byte = (unsigned char)reader->text[reader->at++];

	if (byte == '\n') {
		reader->line++;
		reader->column = 1;
	} else if ((byte & 0xC0) != 0x80) {
		/* A continuation byte belongs to the character before it. */
		reader->column++;
	}
}

static bool at_line_end(const struct csv_reader *reader)
{
	int byte = peek(reader, 0);

	return byte == END || byte == '\n' || (byte == '\r' && peek(reader, 1) == '\n');
}

static bool at_cell_end(const struct csv_reader *reader)
{
	return peek(reader, 0) == ',' || at_line_end(reader);
}

static void set_wrong(struct csv_cell *cell, const char *reason)
{
	if (!cell->wrong)
		cell->wrong = reason;
}

/* Adds one byte to the cell, unless it is full. */
static void add_byte(struct csv_reader *reader, struct csv_cell *cell)
{
	if (cell->length < CSV_CELL_BYTES) {
		buffer_add(&reader->decoded, reader->text + reader->at, 1);
		cell->length++;
	} else {
		set_wrong(cell, "is longer than 65,536 bytes");
	}
	step(reader);
}

static void read_quoted(struct csv_reader *reader, struct csv_cell *cell)
{
	step(reader);
	for (;;) {
		int byte = peek(reader, 0);

		if (byte == END) {
			reader->unterminated = true;
			cell->wrong = "begins with a quote that is never closed";
			return;
		}
		if (byte == '"' && peek(reader, 1) != '"')
			break;
		if (byte == '"')
			step(reader);
		add_byte(reader, cell);
	}
	step(reader);
	while (!at_cell_end(reader)) {
		set_wrong(cell, "continues after its closing quote");
		add_byte(reader, cell);
	}
}

static void read_plain(struct csv_reader *reader, struct csv_cell *cell)
{
	while (!at_cell_end(reader)) {
		if (peek(reader, 0) == '"')
			set_wrong(cell, "has a quote inside text without quotes");
		if (peek(reader, 0) == '\r')
			set_wrong(cell, "has a carriage return outside quotes");
		add_byte(reader, cell);
	}
}

static struct csv_cell read_cell(struct csv_reader *reader)
{
	struct csv_cell cell = {.line = reader->line, .column = reader->column};
	size_t start = reader->decoded.length;

	if (peek(reader, 0) == '"')
		read_quoted(reader, &cell);
	else
		read_plain(reader, &cell);
	buffer_add(&reader->decoded, "", 1);
	if (reader->decoded.failed)
		return cell;
	if (memchr(reader->decoded.bytes + start, '\0', cell.length))
		set_wrong(&cell, "contains a NUL byte");
	else if (!utf8_valid(reader->decoded.bytes + start, cell.length))
		set_wrong(&cell, "is not valid UTF-8");
	return cell;
}

bool csv_read(struct csv_reader *reader, struct csv_row *row)
{
	size_t offset = 0;

	row->count = 0;
	if (peek(reader, 0) == END)
		return false;
	/* Reuses the memory of the last row. */
	reader->decoded.length = 0;
	for (;;) {
		size_t before = reader->decoded.length;
		struct csv_cell cell = read_cell(reader);

		if (row->count < CSV_ROW_CELLS)
			row->cells[row->count] = cell;
		else
			reader->decoded.length = before;
		row->count++;
		if (at_line_end(reader))
			break;
		step(reader);
	}
	if (peek(reader, 0) == '\r')
		step(reader);
	if (peek(reader, 0) == '\n')
		step(reader);
	/* From here on the bytes do not move. */
	for (size_t i = 0; i < row->count && i < CSV_ROW_CELLS; i++) {
		struct csv_cell *cell = &row->cells[i];

		if (reader->decoded.failed)
			*cell = (struct csv_cell){.line = cell->line,
						  .column = cell->column,
						  .wrong = "does not fit into memory"};
		cell->text = reader->decoded.failed ? "" : reader->decoded.bytes + offset;
		offset += cell->length + 1;
	}
	return true;
}

void csv_write(struct buffer *out, const char *text)
{
	if (!text[strcspn(text, "\",\r\n")]) {
		buffer_text(out, text);
		return;
	}
	buffer_text(out, "\"");
	while (*text) {
		size_t plain = strcspn(text, "\"");

		buffer_add(out, text, plain);
		text += plain;
		if (*text == '"') {
			buffer_text(out, "\"\"");
			text++;
		}
	}
	buffer_text(out, "\"");
}
