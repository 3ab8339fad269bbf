#include "command/import/load.h"

#include "base/cleanup.h"
#include "base/number.h"
#include "command/import/source_location.h"
#include "import_statements.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* Runs a query for one number. */
static bool query_number(struct session *session, const char *sql, long *number, struct error *err)
{
	CLEANUP(rows_free) struct rows rows = {0};
	const char *text;

	if (!session_query(session, sql, NULL, 0, &rows, err))
		return false;
	text = rows.count ? rows_text(&rows, 0, 0) : NULL;
	if (!text)
		return error_set(err, ERROR_INTERNAL, "The database returned no number for: %s",
				 sql);
	*number = strtol(text, NULL, 10);
	return true;
}

bool load_check_tables(struct session *session, struct error *err)
{
	long tables = 0;

	if (!query_number(session, "SELECT count(to_regclass('public.dataset_revision'))", &tables,
			  err))
		return false;
	if (tables == 0)
		return error_set(
			err, ERROR_BAD_REQUEST,
			"The database has no tables yet: run `cybertreaty migrate` first.");
	return true;
}

bool load_revision(struct session *session, long *revision, struct error *err)
{
	return query_number(session, "SELECT revision FROM dataset_revision", revision, err);
}

static bool run_embedded(struct session *session, const struct embedded *statement,
			 struct error *err)
{
	return session_run(session, statement->text, err);
}

/* Adds the columns of a relation's fields, including those of its groups. */
static void add_columns(struct buffer *sql, const struct relation *relation)
{
	for (size_t i = 0; relation->fields[i].name; i++) {
		const struct dataset_field *field = &relation->fields[i];

		if (field->type == FIELD_GROUP)
			add_columns(sql, field->parts);
		else if (field->type != FIELD_PARTS)
			buffer_format(sql, ", \"%s\" text COLLATE \"C\"",
				      field->column ? field->column : field->name);
	}
}

/* Creates the staging table of a relation and copies its rows into it. */
static bool stage(const struct dataset *dataset, struct session *session, enum relation_id id,
		  struct error *err)
{
	const struct buffer *rows = &dataset->rows.tables[id].text;
	const struct relation *relation = dataset_schema_relations[id];
	CLEANUP(buffer_free) struct buffer sql = {0};

	buffer_format(&sql, "CREATE TEMP TABLE stage_%s (entry bigint, parent bigint, nth bigint",
		      relation->name);
	add_columns(&sql, relation);
	buffer_format(&sql, ") ON COMMIT DROP");
	if (sql.failed)
		return error_out_of_memory(err);
	if (!session_run(session, sql.bytes, err))
		return false;

	if (rows->length == 0)
		return true;
	sql.length = 0;
	buffer_format(&sql, "COPY stage_%s FROM STDIN", relation->name);
	return session_copy_in(session, sql.bytes, err) &&
	       session_copy_bytes(session, rows->bytes, rows->length, err) &&
	       session_copy_end(session, err);
}

/* Runs a statement with one parameter and discards its result. */
static bool run_with(struct session *session, const char *sql, const char *value, struct error *err)
{
	CLEANUP(rows_free) struct rows rows = {0};

	return session_query(session, sql, &value, 1, &rows, err);
}

static bool stage_all(const struct dataset *dataset, struct session *session, struct error *err)
{
	for (size_t id = 0; id < RELATIONS; id++) {
		if (!stage(dataset, session, (enum relation_id)id, err))
			return false;
		if (dataset->rows.tables[id].incomplete &&
		    !run_with(session, "INSERT INTO incomplete VALUES ($1)",
			      dataset_schema_relations[id]->name, err))
			return false;
	}
	return true;
}

static bool read_row_number(const struct dataset *dataset, const char *text, size_t *row)
{
	long number;

	if (!text || dataset->rows.count == 0 ||
	    !number_read(text, 0, (long)dataset->rows.count - 1, &number))
		return false;
	*row = (size_t)number;
	return true;
}

/* Adds a problem that the database found: row, field, reason and the row that it conflicts with. */
static bool read_problem(struct dataset *dataset, const struct rows *problems, size_t index,
			 struct error *err)
{
	const char *reason = rows_text(problems, index, 2), *other = rows_text(problems, index, 3);
	struct source_location first;
	size_t row, other_row;

	if (!reason || !read_row_number(dataset, rows_text(problems, index, 0), &row) ||
	    (other && !read_row_number(dataset, other, &other_row)))
		return error_set(err, ERROR_INTERNAL, "A check returned an unknown row.");
	if (other && source_location_of(dataset, other_row, NULL, &first))
		reason = arena_format(dataset->memory, "%s; first at %s:%u", reason, first.file,
				      first.line);
	if (!reason)
		return error_out_of_memory(err);
	source_location_problem(dataset, row, rows_text(problems, index, 1), reason);
	return dataset_check(dataset, err);
}

/* Runs the checks that need more than one row. */
static bool check_rows(struct dataset *dataset, struct session *session, bool reinstate,
		       struct error *err)
{
	CLEANUP(rows_free) struct rows problems = {0};

	if (!run_embedded(session, &import_statements_check, err) ||
	    (!reinstate && !run_embedded(session, &import_statements_check_retracted, err)) ||
	    !session_query(session, "SELECT entry, field, reason, other FROM problem", NULL, 0,
			   &problems, err))
		return false;
	for (size_t i = 0; i < problems.count; i++)
		if (!read_problem(dataset, &problems, i, err))
			return false;
	return true;
}

static bool count_differences(struct session *session, struct load_result *result,
			      struct error *err)
{
	const size_t most = sizeof result->relations / sizeof *result->relations;
	CLEANUP(rows_free) struct rows rows = {0};

	if (!session_query(session, import_statements_compare.text, NULL, 0, &rows, err))
		return false;
	for (size_t i = 0; i < rows.count && i < most; i++) {
		struct load_counts *counts = &result->relations[result->count++];

		snprintf(counts->relation, sizeof counts->relation, "%s", rows_text(&rows, i, 0));
		for (size_t k = 0; k < LOAD_NUMBERS; k++)
			counts->numbers[k] = strtol(rows_text(&rows, i, k + 1), NULL, 10);
	}
	return true;
}

static bool merge(struct session *session, bool reinstate, struct load_result *result,
		  struct error *err)
{
	return load_revision(session, &result->before, err) &&
	       run_embedded(session, &import_statements_next, err) &&
	       count_differences(session, result, err) &&
	       run_with(session, import_statements_settings.text, reinstate ? "on" : "off", err) &&
	       run_embedded(session, &import_statements_merge, err) &&
	       load_revision(session, &result->after, err) && session_run(session, "COMMIT", err);
}

bool load_dataset(struct dataset *dataset, struct session *session, bool reinstate,
		  struct load_result *result, struct error *err)
{
	if (!load_check_tables(session, err) ||
	    !run_embedded(session, &import_statements_begin, err) ||
	    !run_embedded(session, &import_statements_prepare, err) ||
	    !stage_all(dataset, session, err) || !check_rows(dataset, session, reinstate, err))
		return false;
	if (dataset->problems.count > 0)
		return session_run(session, "ROLLBACK", err);
	return merge(session, reinstate, result, err);
}
