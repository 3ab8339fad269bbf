#include "command/import/import.h"

#include <string.h>

#include "codec/csv.h"

#include "base/banned.h"

static size_t field_named(const struct relation *relation, const char *name)
{
	for (size_t i = 0; relation->fields[i].name; i++)
		if (strcmp(relation->fields[i].name, name) == 0)
			return i;
	return NO_FIELD;
}

static bool has_field(const struct file *file, size_t field)
{
	for (size_t i = 0; i < CSV_ROW_CELLS; i++)
		if (file->fields[i] == field)
			return true;
	return false;
}

static void read_name(struct import *import, size_t number, const struct csv_cell *cell,
		      size_t column)
{
	struct file *file = &import->files[number];
	size_t field = cell->wrong ? NO_FIELD : field_named(file->relation, cell->text);

	if (cell->wrong)
		problem_add(import, number, cell->line, cell->column, "the name of column %zu %s",
			    column + 1, cell->wrong);
	else if (field == NO_FIELD)
		problem_add(import, number, cell->line, cell->column,
			    "'%.100s' is not a column of this file", cell->text);
	else if (has_field(file, field))
		problem_add(import, number, cell->line, cell->column,
			    "column '%s' stands here twice", cell->text);
	else
		file->fields[column] = field;
}

/* Reads the names of the columns; false when none is known, so that no row can be read. */
static bool read_header(struct import *import, size_t number, const struct csv_row *row)
{
	struct file *file = &import->files[number];
	size_t before = import->problems.count, known = 0;

	if (row->count > CSV_ROW_CELLS) {
		problem_add(import, number, 1, 1,
			    "has %zu columns, more than any file of a data set", row->count);
		return false;
	}
	for (size_t i = 0; i < row->count; i++) {
		read_name(import, number, &row->cells[i], i);
		known += file->fields[i] != NO_FIELD;
	}
	for (size_t i = 0; file->relation->fields[i].name; i++)
		if (!has_field(file, i) && file->relation->fields[i].presence != OPTIONAL)
			problem_add(import, number, 1, 1, "column '%s' is missing",
				    file->relation->fields[i].name);
	/* Columns that are missing hide values that other rows may name. */
	if (import->problems.count > before)
		import->stages[file->relation->id].incomplete = true;
	return known > 0;
}

/* The value of a cell, or NULL with the problem noted. */
static const char *check_cell(struct import *import, size_t file, const struct field *field,
			      const struct csv_cell *cell)
{
	char reason[REASON_BYTES];

	if (cell->wrong) {
		problem_add(import, file, cell->line, cell->column, "%s: %s", field->name,
			    cell->wrong);
		return NULL;
	}
	if (!*cell->text) {
		if (field->presence == NEEDED)
			problem_add(import, file, cell->line, cell->column, "%s: is empty",
				    field->name);
		return NULL;
	}
	if (value_fits(field, cell->text, reason))
		return cell->text;
	problem_add(import, file, cell->line, cell->column, "%s: %s", field->name, reason);
	return NULL;
}

/* True when one of the items of list that end before `item` equals it. */
static bool repeats(const char *list, const char *item, size_t length)
{
	while (list < item) {
		size_t other = strcspn(list, ";");

		if (other == length && memcmp(list, item, length) == 0)
			return true;
		list += other + 1;
	}
	return false;
}

/* Checks the items of a cell and builds the array of those that are right. */
static void check_list(struct import *import, size_t file, const struct field *field,
		       const struct csv_cell *cell, struct buffer *array)
{
	const char *at = cell->wrong ? "" : cell->text;

	if (cell->wrong)
		problem_add(import, file, cell->line, cell->column, "%s: %s", field->name,
			    cell->wrong);
	while (*at) {
		char reason[REASON_BYTES] = "has an empty item";
		size_t length = strcspn(at, ";");
		const char *item = arena_copy(import->memory, at, length);

		if (!item) {
			import->failed = true;
			return;
		}
		if (repeats(cell->text, at, length))
			problem_add(import, file, cell->line, cell->column,
				    "%s: names '%.60s' twice", field->name, item);
		else if (!length || !value_fits(field, item, reason))
			problem_add(import, file, cell->line, cell->column, "%s: %s", field->name,
				    reason);
		else
			array_item(array, item);
		at += length;
		if (*at && !at[1])
			problem_add(import, file, cell->line, cell->column, "%s: ends with ';'",
				    field->name);
		at += *at == ';';
	}
}

static const struct csv_cell *cell_of(const struct file *file, const struct csv_row *row,
				      size_t field)
{
	for (size_t i = 0; i < row->count; i++)
		if (file->fields[i] == field)
			return &row->cells[i];
	return NULL;
}

static void read_field(struct import *import, size_t number, const struct csv_row *row,
		       size_t index)
{
	const struct file *file = &import->files[number];
	const struct field *field = &file->relation->fields[index];
	const struct csv_cell *cell = cell_of(file, row, index);
	enum relation_id relation = file->relation->id;
	struct buffer array = {0};
	const char *value;

	if (field->list) {
		if (cell)
			check_list(import, number, field, cell, &array);
		array_end(&array);
		stage_value(import, relation, array.bytes);
		import->failed |= array.failed;
		buffer_free(&array);
		return;
	}
	value = cell ? check_cell(import, number, field, cell) : NULL;
	if (index < file->relation->keys && !value)
		import->stages[relation].incomplete = true;
	stage_value(import, relation, value);
}

/* Says why a row of another length cannot be read: for most of them a quote is to blame. */
static void refuse_row(struct import *import, size_t number, const struct csv_row *row,
		       const struct place *place, size_t columns)
{
	const struct csv_cell *last =
		&row->cells[row->count < CSV_ROW_CELLS ? row->count - 1 : CSV_ROW_CELLS - 1];

	import->stages[import->files[number].relation->id].incomplete = true;
	if (last->wrong)
		problem_add(import, number, last->line, last->column, "cell %zu %s", row->count,
			    last->wrong);
	problem_add(import, number, place->line, 1, "the row has %zu cell%s instead of %zu",
		    row->count, row->count == 1 ? "" : "s", columns);
}

static void read_row(struct import *import, size_t number, const struct csv_row *row,
		     const struct place *place, size_t columns)
{
	const struct file *file = &import->files[number];

	if (row->count != columns) {
		refuse_row(import, number, row, place, columns);
		return;
	}
	if (stage_begin(import, file->relation->id, place) == NO_PLACE)
		return;
	for (size_t i = 0; file->relation->fields[i].name; i++)
		read_field(import, number, row, i);
	stage_end(import, file->relation->id);
}

void import_csv(struct import *import, size_t number)
{
	struct file *file = &import->files[number];
	struct stage *stage = &import->stages[file->relation->id];
	struct csv_reader reader;
	struct csv_row row;
	struct error err;
	size_t columns;

	for (size_t i = 0; i < CSV_ROW_CELLS; i++)
		file->fields[i] = NO_FIELD;
	if (!csv_open(&reader, file->text, file->length, 0, 1, &err)) {
		problem_add(import, number, 0, 0, "%s", err.message);
		stage->incomplete = true;
		return;
	}
	if (!csv_read(&reader, &row) || !read_header(import, number, &row)) {
		problem_add(import, number, 1, 1,
			    "has no header row with the names of its columns");
		stage->incomplete = true;
		csv_close(&reader);
		return;
	}
	columns = row.count;
	for (;;) {
		struct place place = {.file = number,
				      .offset = reader.at,
				      .line = reader.line,
				      .parent = NO_PLACE,
				      .nth = stage->count + 1};

		if (!csv_read(&reader, &row))
			break;
		read_row(import, number, &row, &place, columns);
	}
	if (reader.unterminated)
		stage->incomplete = true;
	if (!reader.unterminated && file->text[file->length - 1] != '\n')
		problem_add(import, number, reader.line, reader.column,
			    "the file does not end with a line end: it may have been cut off");
	csv_close(&reader);
}
