#include "command/export/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/cleanup.h"
#include "codec/csv.h"
#include "command/import/dataset_schema.h"
#include "command/import/load.h"
#include "import_statements.h"

#include "base/banned.h"

/* One snapshot for all files, and dates in the format of the files. */
static const char begin[] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
			    "SET LOCAL datestyle = 'ISO, YMD'";

/* Moves the text of the buffer into a new file. */
static bool add_file(struct export *export, const char *name, struct buffer *text, size_t records,
		     struct error *err)
{
	struct export_file *files = realloc(export->files, (export->count + 1) * sizeof *files);
	struct export_file *file;

	if (!files)
		return error_out_of_memory(err);
	export->files = files;
	file = &files[export->count];
	*file = (struct export_file){.records = records};
	snprintf(file->name, sizeof file->name, "%s", name);
	file->text = buffer_steal(text, &file->length);
	if (!file->text)
		return error_out_of_memory(err);
	export->count++;
	return true;
}

void export_free(struct export *export)
{
	for (size_t i = 0; i < export->count; i++)
		free(export->files[i].text);
	free(export->files);
	*export = (struct export){0};
}

/* ---- CSV ---- */

/* An optional column is written if one row has a value in it. */
static bool is_shown(const struct dataset_field *field, const struct rows *rows, size_t column)
{
	if (field->presence != OPTIONAL)
		return true;
	for (size_t row = 0; row < rows->count; row++)
		if (rows_text(rows, row, column))
			return true;
	return false;
}

static void write_table(const struct relation *relation, const struct rows *rows,
			struct buffer *out)
{
	bool shown[CSV_ROW_CELLS] = {false};

	for (size_t i = 0; relation->fields[i].name; i++) {
		shown[i] = is_shown(&relation->fields[i], rows, i);
		if (shown[i])
			buffer_format(out, "%s%s", i ? "," : "", relation->fields[i].name);
	}
	buffer_text(out, "\n");
	for (size_t row = 0; row < rows->count; row++) {
		for (size_t i = 0; i < rows->columns; i++) {
			const char *text = rows_text(rows, row, i);

			if (!shown[i])
				continue;
			buffer_text(out, i ? "," : "");
			csv_write(out, text ? text : "");
		}
		buffer_text(out, "\n");
	}
}

static bool read_tables(struct session *session, struct export *export, struct error *err)
{
	const struct embedded *const queries[] = {
		[SOURCE] = &import_statements_export_source,
		[COUNTRY] = &import_statements_export_country,
		[TREATY] = &import_statements_export_treaty,
		[ARTICLE] = &import_statements_export_article,
		[ACTION] = &import_statements_export_action,
		[STATEMENT] = &import_statements_export_statement,
		[AUTHORITY] = &import_statements_export_authority,
	};

	for (size_t i = 0; dataset_schema_csv_files[i].name; i++) {
		const struct relation *relation =
			dataset_schema_relations[dataset_schema_csv_files[i].relation];
		CLEANUP(rows_free) struct rows rows = {0};
		CLEANUP(buffer_free) struct buffer text = {0};

		if (!session_query(session, queries[relation->id]->text, NULL, 0, &rows, err))
			return false;
		write_table(relation, &rows, &text);
		if (!add_file(export, dataset_schema_csv_files[i].name, &text, rows.count, err))
			return false;
	}
	return true;
}

/* ---- JSON ---- */

/* Removes optional keys without a value. */
static void drop_absent(const struct relation *relation, json_t *object)
{
	for (size_t i = 0; relation->fields[i].name; i++) {
		const struct dataset_field *field = &relation->fields[i];
		json_t *value = json_object_get(object, field->name), *item;
		size_t k;

		if (field->presence == OPTIONAL && json_is_null(value))
			json_object_del(object, field->name);
		if (field->type == FIELD_PARTS)
			json_array_foreach(value, k, item) drop_absent(field->parts, item);
	}
}

static int add_bytes(const char *bytes, size_t length, void *buffer)
{
	buffer_add(buffer, bytes, length);
	return 0;
}

/* Adds a file of one record or of a list of records, from JSON of the database. */
static bool add_records(struct export *export, const char *name, const struct relation *relation,
			const char *json, struct error *err)
{
	json_auto_t *root = json_loads(json, 0, NULL);
	CLEANUP(buffer_free) struct buffer text = {0};
	json_t *item;
	size_t i;

	if (!root)
		return error_set(err, ERROR_INTERNAL, "%s cannot be built.", name);
	if (json_is_object(root))
		drop_absent(relation, root);
	json_array_foreach(root, i, item) drop_absent(relation, item);
	if (json_dump_callback(root, add_bytes, &text, JSON_INDENT(1)) != 0)
		return error_out_of_memory(err);
	buffer_text(&text, "\n");
	return add_file(export, name, &text, json_is_array(root) ? json_array_size(root) : 1, err);
}

static bool read_profiles(struct session *session, struct export *export, struct error *err)
{
	CLEANUP(rows_free) struct rows rows = {0};

	if (!session_query(session, import_statements_export_profile.text, NULL, 0, &rows, err))
		return false;
	for (size_t row = 0; row < rows.count; row++) {
		char name[32];

		snprintf(name, sizeof name, "profiles/%s.json", rows_text(&rows, row, 0));
		if (!add_records(export, name, dataset_schema_relations[PROFILE],
				 rows_text(&rows, row, 1), err))
			return false;
	}
	return true;
}

static bool read_tools(struct session *session, struct export *export, struct error *err)
{
	CLEANUP(rows_free) struct rows rows = {0};

	return session_query(session, import_statements_export_tool.text, NULL, 0, &rows, err) &&
	       add_records(export, "tools.json", dataset_schema_relations[TOOL],
			   rows_text(&rows, 0, 0), err);
}

bool export_read(struct session *session, struct export *export, struct error *err)
{
	return load_check_tables(session, err) && session_run(session, begin, err) &&
	       load_revision(session, &export->revision, err) &&
	       read_tables(session, export, err) && read_profiles(session, export, err) &&
	       read_tools(session, export, err) && session_run(session, "COMMIT", err);
}
