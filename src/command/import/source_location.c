#include "command/import/import.h"

#include <string.h>

#include "codec/csv.h"

#include "base/banned.h"

/* ---- JSON: text is valid, so that no step needs a check of its own ---- */

static const char *skip_blanks(const char *at)
{
	return at + strspn(at, " \t\r\n");
}

static const char *skip_string(const char *at)
{
	for (at++; *at && *at != '"'; at++)
		if (*at == '\\' && at[1])
			at++;
	return *at ? at + 1 : at;
}

/* From the first character of a value to the one after it. */
static const char *skip_value(const char *at)
{
	size_t depth = 0;

	do {
		at = skip_blanks(at);
		if (*at == '"') {
			at = skip_string(at);
		} else if (*at == '{' || *at == '[') {
			depth++;
			at++;
		} else if (*at == '}' || *at == ']') {
			depth--;
			at++;
		} else if (*at == ',' || *at == ':') {
			at++;
		} else {
			at += strcspn(at, ",:]} \t\r\n");
		}
	} while (depth && *at);
	return at;
}

/* The value of key in the object that begins at `at`, else NULL. Keys here have no escapes. */
static const char *find_key(const char *at, const char *key, size_t length)
{
	at = skip_blanks(at + 1);
	while (*at == '"') {
		const char *name = at + 1, *end = skip_string(at);
		const char *value = skip_blanks(skip_blanks(end) + 1);

		if ((size_t)(end - 1 - name) == length && memcmp(name, key, length) == 0)
			return value;
		at = skip_blanks(skip_value(value));
		at = skip_blanks(at + (*at == ','));
	}
	return NULL;
}

static const char *find_item(const char *at, size_t index)
{
	at = skip_blanks(at + 1);
	while (*at && *at != ']') {
		if (index-- == 0)
			return at;
		at = skip_blanks(skip_value(at));
		at = skip_blanks(at + (*at == ','));
	}
	return NULL;
}

static size_t read_index(const char *digits, size_t length)
{
	size_t index = 0;

	for (size_t i = 0; i < length; i++)
		index = index * 10 + (size_t)(digits[i] - '0');
	return index;
}

void json_place(const char *text, const char *pointer, unsigned *line, unsigned *column)
{
	const char *at = skip_blanks(text);

	while (*pointer == '/') {
		size_t length = strcspn(++pointer, "/");
		const char *inner = *at == '{'	 ? find_key(at, pointer, length)
				    : *at == '[' ? find_item(at, read_index(pointer, length))
						 : NULL;

		if (!inner)
			break;
		at = inner;
		pointer += length;
	}
	*line = *column = 1;
	for (; text < at; text++) {
		if (*text == '\n') {
			(*line)++;
			*column = 1;
		} else if (((unsigned char)*text & 0xC0) != 0x80) {
			(*column)++;
		}
	}
}

const char *place_pointer(struct import *import, size_t place)
{
	const struct place *at = &import->places[place];
	const char *outer;

	if (at->parent == NO_PLACE) {
		/* A file is one record, or a list of records. */
		return at->nth ? arena_format(import->memory, "/%zu", at->nth - 1) : "";
	}
	outer = place_pointer(import, at->parent);
	if (!outer)
		return NULL;
	return arena_format(import->memory, "%s/%s/%zu", outer, at->field->name, at->nth - 1);
}

/* ---- CSV ---- */

static void csv_problem(struct import *import, const struct place *place, const char *field,
			const char *reason)
{
	const struct file *file = &import->files[place->file];
	struct csv_reader reader;
	struct csv_row row = {.count = 0};
	struct error unused;
	size_t cell = 0;

	if (csv_open(&reader, file->text, file->length, place->offset, place->line, &unused))
		(void)csv_read(&reader, &row);
	for (size_t i = 0; field && i < row.count && i < CSV_ROW_CELLS; i++)
		if (file->fields[i] != NO_FIELD &&
		    strcmp(file->relation->fields[file->fields[i]].name, field) == 0)
			cell = i;
	problem_add(import, place->file, row.count ? row.cells[cell].line : place->line,
		    row.count ? row.cells[cell].column : 1, "%s%s%s", field ? field : "",
		    field ? ": " : "", reason);
	csv_close(&reader);
}

void problem_at(struct import *import, size_t place, const char *field, const char *reason)
{
	const struct place *at = &import->places[place];
	const struct file *file = &import->files[at->file];
	const char *pointer;
	unsigned line, column;

	if (import->problems.count >= PROBLEMS_KEPT) {
		import->problems.dropped++;
		return;
	}
	if (file->csv) {
		csv_problem(import, at, field, reason);
		return;
	}
	pointer = place_pointer(import, place);
	if (pointer && field)
		pointer = arena_format(import->memory, "%s/%s", pointer, field);
	if (!pointer) {
		import->failed = true;
		return;
	}
	json_place(file->text, pointer, &line, &column);
	problem_add(import, at->file, line, column, "%s: %s", *pointer ? pointer : "/", reason);
}
