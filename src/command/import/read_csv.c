#include "command/import/read_csv.h"

#include "codec/csv.h"
#include "command/import/value_check.h"

#include <string.h>

#include "base/banned.h"

static void add_problem(struct dataset *dataset, const struct dataset_file *file,
			const struct csv_cell *cell, const char *field, const char *reason)
{
	problem_list_add(&dataset->problems, file->name, cell->line, cell->column, "%s: %s", field,
			 reason);
}

static void mark_incomplete(struct dataset *dataset, const struct dataset_file *file)
{
	dataset->rows.tables[file->relation->id].incomplete = true;
}

/* ---- the header row ---- */

static void read_column_name(struct dataset *dataset, struct dataset_file *file,
			     const struct csv_cell *cell, size_t column)
{
	struct problem_list *problems = &dataset->problems;
	size_t field = cell->wrong ? NO_FIELD : dataset_schema_field(file->relation, cell->text);

	if (cell->wrong)
		problem_list_add(problems, file->name, cell->line, cell->column,
				 "the name of column %zu %s", column + 1, cell->wrong);
	else if (field == NO_FIELD)
		problem_list_add(problems, file->name, cell->line, cell->column,
				 "'%.100s' is not a column of this file", cell->text);
	else if (file->columns[field] != NO_COLUMN)
		problem_list_add(problems, file->name, cell->line, cell->column,
				 "column '%s' appears twice", cell->text);
	else
		file->columns[field] = column;
}

/* Reads the names of the columns. Returns false when none is known, since then no row can be
 * read. */
static bool read_header(struct dataset *dataset, struct dataset_file *file,
			const struct csv_row *row)
{
	size_t before = dataset->problems.count;
	bool known = false;

	if (row->count > CSV_ROW_CELLS) {
		problem_list_add(&dataset->problems, file->name, 1, 1,
				 "has %zu columns, more than any file of a dataset", row->count);
		return false;
	}
	for (size_t i = 0; i < row->count; i++)
		read_column_name(dataset, file, &row->cells[i], i);
	for (size_t i = 0; file->relation->fields[i].name; i++) {
		known |= file->columns[i] != NO_COLUMN;
		if (file->columns[i] == NO_COLUMN && file->relation->fields[i].presence != OPTIONAL)
			problem_list_add(&dataset->problems, file->name, 1, 1,
					 "column '%s' is missing", file->relation->fields[i].name);
	}
	/* Other rows may refer to the values of a missing column. */
	if (dataset->problems.count > before)
		mark_incomplete(dataset, file);
	return known;
}

/* ---- rows ---- */

/* Returns the value of a cell; NULL when it is empty or wrong. */
static const char *check_cell(struct dataset *dataset, const struct dataset_file *file,
			      const struct dataset_field *field, const struct csv_cell *cell)
{
	struct error err;

	if (cell->wrong)
		add_problem(dataset, file, cell, field->name, cell->wrong);
	else if (!*cell->text && field->presence == NEEDED)
		add_problem(dataset, file, cell, field->name, "is empty");
	else if (*cell->text && !value_check(field, cell->text, &err))
		add_problem(dataset, file, cell, field->name, err.message);
	else
		return *cell->text ? cell->text : NULL;
	return NULL;
}

/* True when one of the items before `item` in the list equals it. */
static bool is_repeated(const char *list, const char *item, size_t length)
{
	while (list < item) {
		size_t other = strcspn(list, ";");

		if (other == length && memcmp(list, item, length) == 0)
			return true;
		list += other + 1;
	}
	return false;
}

/* Checks the items of a cell, and adds the correct ones to the array. */
static void check_list(struct dataset *dataset, const struct dataset_file *file,
		       const struct dataset_field *field, const struct csv_cell *cell,
		       struct buffer *array)
{
	const char *at = cell->wrong ? "" : cell->text;

	if (cell->wrong)
		add_problem(dataset, file, cell, field->name, cell->wrong);
	while (*at) {
		struct error err = {.message = "has an empty item"};
		size_t length = strcspn(at, ";");
		const char *item = arena_copy(dataset->memory, at, length);

		if (!item) {
			dataset->failed = true;
			return;
		}
		if (is_repeated(cell->text, at, length))
			problem_list_add(&dataset->problems, file->name, cell->line, cell->column,
					 "%s: contains '%.60s' twice", field->name, item);
		else if (!length || !value_check(field, item, &err))
			add_problem(dataset, file, cell, field->name, err.message);
		else
			staging_rows_item(array, item);
		at += length;
		if (*at && !at[1])
			add_problem(dataset, file, cell, field->name, "ends with ';'");
		at += *at == ';';
	}
}

static void read_field(struct dataset *dataset, const struct dataset_file *file,
		       const struct csv_row *row, size_t index)
{
	const struct relation *relation = file->relation;
	const struct dataset_field *field = &relation->fields[index];
	size_t column = file->columns[index];
	const struct csv_cell *cell = column == NO_COLUMN ? NULL : &row->cells[column];
	const char *value;

	if (field->list) {
		struct buffer array = {0};

		if (cell)
			check_list(dataset, file, field, cell, &array);
		staging_rows_array(&dataset->rows, relation->id, &array);
		return;
	}
	value = cell ? check_cell(dataset, file, field, cell) : NULL;
	if (index < relation->keys && !value)
		mark_incomplete(dataset, file);
	staging_rows_value(&dataset->rows, relation->id, value);
}

/* Reports a row of the wrong length. The usual cause is a misplaced quote. */
static void refuse_row(struct dataset *dataset, const struct dataset_file *file,
		       const struct csv_row *row, unsigned line, size_t columns)
{
	const struct csv_cell *last =
		&row->cells[row->count < CSV_ROW_CELLS ? row->count - 1 : CSV_ROW_CELLS - 1];

	mark_incomplete(dataset, file);
	if (last->wrong)
		problem_list_add(&dataset->problems, file->name, last->line, last->column,
				 "cell %zu %s", row->count, last->wrong);
	problem_list_add(&dataset->problems, file->name, line, 1,
			 "the row has %zu cell%s instead of %zu", row->count,
			 row->count == 1 ? "" : "s", columns);
}

static void read_row(struct dataset *dataset, const struct dataset_file *file,
		     const struct csv_row *row, const struct row_origin *origin, size_t columns)
{
	const struct relation *relation = file->relation;

	if (row->count != columns) {
		refuse_row(dataset, file, row, origin->line, columns);
		return;
	}
	if (staging_rows_begin(&dataset->rows, relation->id, origin) == NO_ROW)
		return;
	for (size_t i = 0; relation->fields[i].name; i++)
		read_field(dataset, file, row, i);
	staging_rows_end(&dataset->rows, relation->id);
}

static void read_rows(struct dataset *dataset, const struct dataset_file *file,
		      struct csv_reader *reader, size_t columns)
{
	const struct staging_table *table = &dataset->rows.tables[file->relation->id];
	struct csv_row row;

	for (;;) {
		struct row_origin origin = {.file = file,
					    .offset = reader->at,
					    .line = reader->line,
					    .parent = NO_ROW,
					    .nth = table->count + 1};

		if (!csv_read(reader, &row))
			break;
		read_row(dataset, file, &row, &origin, columns);
	}
	if (reader->unterminated)
		mark_incomplete(dataset, file);
	else if (file->text[file->length - 1] != '\n')
		problem_list_add(&dataset->problems, file->name, reader->line, reader->column,
				 "the file does not end with a line end: it may have been cut off");
}

/* Spreadsheets save such files. A mark would belong to the name of the first column. */
static bool has_byte_order_mark(const struct dataset_file *file)
{
	static const char *const marks[] = {"\xEF\xBB\xBF", "\xFE\xFF", "\xFF\xFE"};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (strncmp(file->text, marks[i], strlen(marks[i])) == 0)
			return true;
	return false;
}

void read_csv(struct dataset *dataset, struct dataset_file *file)
{
	struct csv_reader reader;
	struct csv_row header;
	struct error err;

	for (size_t i = 0; i < CSV_ROW_CELLS; i++)
		file->columns[i] = NO_COLUMN;
	if (has_byte_order_mark(file)) {
		problem_list_add(
			&dataset->problems, file->name, 1, 1,
			"begins with a byte order mark: save the file as UTF-8 without one");
		mark_incomplete(dataset, file);
		return;
	}
	if (!csv_open(&reader, file->text, file->length, 0, 1, &err)) {
		problem_list_add(&dataset->problems, file->name, 0, 0, "%s", err.message);
		mark_incomplete(dataset, file);
		return;
	}
	if (csv_read(&reader, &header) && read_header(dataset, file, &header)) {
		read_rows(dataset, file, &reader, header.count);
	} else {
		problem_list_add(&dataset->problems, file->name, 1, 1,
				 "has no header row with the names of its columns");
		mark_incomplete(dataset, file);
	}
	csv_close(&reader);
}
