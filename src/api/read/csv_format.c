#include "api/read/csv_format.h"

#include "api/documents.h"
#include "base/cleanup.h"
#include "codec/csv.h"

#include <jansson.h>
#include <string.h>

#include "base/banned.h"

#define LINE_END "\r\n"

/* The columns of the nested fields that a table shows, and the member in each. */
static const struct nested_column {
	const char *field, *column, *member;
} nested_columns[] = {
	{"source", "source_id", "id"},
	{"source", "source_url", "url"},
	{"source", "source_as_of", "as_of"},
	{"text_source", "text_source_id", "id"},
	{"text_source", "text_source_url", "url"},
	{"text_source", "text_source_as_of", "as_of"},
	{"wording_source", "wording_source_id", "id"},
	{"wording_source", "wording_source_url", "url"},
	{"wording_source", "wording_source_as_of", "as_of"},
	{"dates_source", "dates_source_id", "id"},
	{"dates_source", "dates_source_url", "url"},
	{"dates_source", "dates_source_as_of", "as_of"},
	{"states", "state_185", "185"},
	{"states", "state_189", "189"},
	{"states", "state_224", "224"},
	{"bound", "bound_185", "185"},
	{"bound", "bound_189", "189"},
	{"bound", "bound_224", "224"},
	{"in_force_on", "in_force_on_185", "185"},
	{"in_force_on", "in_force_on_189", "189"},
	{"in_force_on", "in_force_on_224", "224"},
};
enum { NESTED_COLUMNS = sizeof nested_columns / sizeof *nested_columns };

/* A spreadsheet would execute a cell that begins like this as a formula; some also skip line ends,
 * and read the fullwidth = + - @. (OWASP, CSV injection) */
static bool reads_as_formula(const char *text)
{
	static const char *const beginnings[] = {
		"=", "+", "-", "@", "\t", "\r", "\n", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20",
	};

	for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
		if (strncmp(text, beginnings[i], strlen(beginnings[i])) == 0)
			return true;
	return false;
}

static void add_cell(struct buffer *table, size_t *cells, const char *text)
{
	CLEANUP(buffer_free) struct buffer guarded = {0};

	if ((*cells)++)
		buffer_text(table, ",");
	if (reads_as_formula(text))
		buffer_text(&guarded, "'");
	buffer_text(&guarded, text);
	table->failed |= guarded.failed;
	if (!guarded.failed)
		csv_write(table, guarded.bytes);
}

static void add_nested_names(struct buffer *table, size_t *cells, const char *field)
{
	for (size_t i = 0; i < NESTED_COLUMNS; i++)
		if (strcmp(nested_columns[i].field, field) == 0)
			add_cell(table, cells, nested_columns[i].column);
}

void csv_format_header(struct buffer *table, const struct record_fields *fields, const char *only)
{
	size_t cells = 0;

	for (size_t i = 0; i < fields->count; i++) {
		const char *name = fields->field[i].name;

		if (only && !documents_name_listed(only, name))
			continue;
		if (fields->field[i].kind == ROWS_JSON)
			add_nested_names(table, &cells, name);
		else
			add_cell(table, &cells, name);
	}
	buffer_text(table, LINE_END);
}

/* A scalar as text: unknown is an empty cell. */
static void add_scalar(struct buffer *table, size_t *cells, const json_t *value)
{
	char number[32];

	if (json_is_string(value)) {
		add_cell(table, cells, json_string_value(value));
	} else if (json_is_boolean(value)) {
		add_cell(table, cells, json_is_true(value) ? "true" : "false");
	} else if (json_is_integer(value)) {
		snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		add_cell(table, cells, number);
	} else {
		add_cell(table, cells, "");
	}
}

static void add_list(struct buffer *table, size_t *cells, const json_t *list)
{
	CLEANUP(buffer_free) struct buffer joined = {0};
	const json_t *member;
	size_t i;

	buffer_text(&joined, "");
	json_array_foreach(list, i, member)
		buffer_format(&joined, "%s%s", i ? ";" : "", json_string_value(member));
	table->failed |= joined.failed;
	if (!joined.failed)
		add_cell(table, cells, joined.bytes);
}

static void add_nested(struct buffer *table, size_t *cells, const char *field, const json_t *value)
{
	for (size_t i = 0; i < NESTED_COLUMNS; i++)
		if (strcmp(nested_columns[i].field, field) == 0)
			add_scalar(table, cells, json_object_get(value, nested_columns[i].member));
}

bool csv_format_row(struct buffer *table, const struct record_fields *fields, const char *only,
		    const char *json, size_t length, struct error *err)
{
	json_auto_t *record = json_loadb(json, length, 0, NULL);
	size_t cells = 0;

	if (!record)
		return error_set(err, ERROR_INTERNAL, "A record is not JSON: %.100s", json);
	for (size_t i = 0; i < fields->count; i++) {
		const char *name = fields->field[i].name;
		const json_t *value = json_object_get(record, name);

		if (only && !documents_name_listed(only, name))
			continue;
		if (fields->field[i].kind == ROWS_LIST) {
			add_list(table, &cells, value);
		} else if (fields->field[i].kind == ROWS_SCALAR) {
			add_scalar(table, &cells, value);
		} else {
			add_nested(table, &cells, name, value);
		}
	}
	buffer_text(table, LINE_END);
	return true;
}
