#include "command/import/source_location.h"

#include "codec/csv.h"

#include <string.h>

#include "base/banned.h"

/* ---- JSON: the text is valid, so the steps need no checks ---- */

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

/* Returns the end of the value that begins at `at`. */
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

static size_t read_index(const char *digits, size_t length)
{
	size_t index = 0;

	for (size_t i = 0; i < length; i++)
		index = index * 10 + (size_t)(digits[i] - '0');
	return index;
}

/* Returns the value that a part of a pointer names in the object or the list at `at`, or NULL. The
 * keys of a dataset need no escapes. */
static const char *find_value(const char *at, const char *part, size_t length)
{
	const bool list = *at == '[';
	size_t index = list ? read_index(part, length) : 0;

	if (!list && *at != '{')
		return NULL;
	for (at = skip_blanks(at + 1); *at && *at != ']' && *at != '}';
	     at = skip_blanks(at + (*at == ','))) {
		const char *key = at + 1, *end = list ? at : skip_string(at);

		if (!list)
			at = skip_blanks(skip_blanks(end) + 1);
		if (list ? index-- == 0
			 : (size_t)(end - 1 - key) == length && memcmp(key, part, length) == 0)
			return at;
		at = skip_blanks(skip_value(at));
	}
	return NULL;
}

void source_location_json(const char *text, const char *pointer, unsigned *line, unsigned *column)
{
	const char *at = skip_blanks(text);

	while (*pointer == '/') {
		size_t length = strcspn(++pointer, "/");
		const char *inner = find_value(at, pointer, length);

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

/* Returns the JSON pointer of a staging row. */
static const char *row_pointer(struct dataset *dataset, size_t row)
{
	const struct row_origin *origin = &dataset->rows.origins[row];
	const char *outer;

	if (origin->parent == NO_ROW) {
		/* A file is one record, or a list of records. */
		return origin->nth ? arena_format(dataset->memory, "/%zu", origin->nth - 1) : "";
	}
	outer = row_pointer(dataset, origin->parent);
	if (!outer)
		return NULL;
	return arena_format(dataset->memory, "%s/%s/%zu", outer, origin->field->name,
			    origin->nth - 1);
}

static bool locate_value(struct dataset *dataset, size_t row, const char *field,
			 struct source_location *location)
{
	const char *pointer = row_pointer(dataset, row);

	if (pointer && field)
		pointer = arena_format(dataset->memory, "%s/%s", pointer, field);
	if (!pointer)
		return false;
	source_location_json(dataset->rows.origins[row].file->text, pointer, &location->line,
			     &location->column);
	location->label = *pointer ? pointer : "/";
	return true;
}

/* ---- CSV ---- */

/* Reads the row again to find the cell. */
static void locate_cell(const struct row_origin *origin, const char *field,
			struct source_location *location)
{
	const struct dataset_file *file = origin->file;
	struct csv_reader reader;
	struct csv_row row = {.count = 0};
	struct error unused;
	size_t cell = 0, index = field ? dataset_schema_field(file->relation, field) : NO_FIELD;

	location->line = origin->line;
	location->column = 1;
	location->label = field ? field : "";
	if (csv_open(&reader, file->text, file->length, origin->offset, origin->line, &unused))
		(void)csv_read(&reader, &row);
	if (index != NO_FIELD && file->columns[index] < row.count)
		cell = file->columns[index];
	if (row.count) {
		location->line = row.cells[cell].line;
		location->column = row.cells[cell].column;
	}
	csv_close(&reader);
}

bool source_location_of(struct dataset *dataset, size_t row, const char *field,
			struct source_location *location)
{
	const struct row_origin *origin = &dataset->rows.origins[row];

	location->file = origin->file->name;
	if (!origin->file->csv)
		return locate_value(dataset, row, field, location);
	locate_cell(origin, field, location);
	return true;
}

void source_location_problem(struct dataset *dataset, size_t row, const char *field,
			     const char *reason)
{
	struct problem_list *problems = &dataset->problems;
	struct source_location location;

	if (problems->count >= PROBLEM_LIST_MAXIMUM)
		problems->dropped++;
	else if (source_location_of(dataset, row, field, &location))
		problem_list_add(problems, location.file, location.line, location.column, "%s%s%s",
				 location.label, *location.label ? ": " : "", reason);
	else
		dataset->failed = true;
}
