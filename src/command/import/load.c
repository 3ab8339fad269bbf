#include "command/import/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "import_statements.h"

#include "base/banned.h"

static bool run(struct session *session, const struct embedded *statement, struct error *err)
{
	return session_run(session, statement->text, err);
}

/* Runs a query that gives one number. */
static bool query_number(struct session *session, const char *sql, long *number, struct error *err)
{
	CLEANUP(rows_free) struct rows rows = {0};
	const char *text;

	if (!session_query(session, sql, NULL, 0, &rows, err))
		return false;
	text = rows.count ? rows_text(&rows, 0, 0) : NULL;
	if (!text)
		return error_set(err, ERROR_INTERNAL, "The database gave no number for: %s", sql);
	*number = strtol(text, NULL, 10);
	return true;
}

bool dataset_exists(struct session *session, struct error *err)
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

bool dataset_revision(struct session *session, long *revision, struct error *err)
{
	return query_number(session, "SELECT revision FROM dataset_revision", revision, err);
}

/* Adds the columns of a relation's fields, those of its groups among them. */
static void add_columns(struct buffer *sql, const struct relation *relation)
{
	for (size_t i = 0; relation->fields[i].name; i++) {
		const struct field *field = &relation->fields[i];

		if (field->type == FIELD_GROUP)
			add_columns(sql, field->parts);
		else if (field->type != FIELD_PARTS)
			buffer_format(sql, ", \"%s\" text COLLATE \"C\"",
				      field->column ? field->column : field->name);
	}
}

/* Makes the staging table of a relation and copies its rows into it. */
static bool stage(struct import *import, struct session *session, enum relation_id id,
		  struct error *err)
{
	struct stage *stage = &import->stages[id];
	CLEANUP(buffer_free) struct buffer sql = {0};

	buffer_format(&sql, "CREATE TEMP TABLE stage_%s (entry bigint, parent bigint, nth bigint",
		      relations[id]->name);
	add_columns(&sql, relations[id]);
	buffer_format(&sql, ") ON COMMIT DROP");
	if (sql.failed || stage->rows.failed)
		return error_out_of_memory(err);
	if (!session_run(session, sql.bytes, err))
		return false;

	if (stage->rows.length == 0)
		return true;
	sql.length = 0;
	buffer_format(&sql, "COPY stage_%s FROM STDIN", relations[id]->name);
	return session_copy_in(session, sql.bytes, err) &&
	       session_copy_bytes(session, stage->rows.bytes, stage->rows.length, err) &&
	       session_copy_end(session, err);
}

/* Runs a statement with one value, for what it does. */
static bool run_with(struct session *session, const char *sql, const char *value, struct error *err)
{
	CLEANUP(rows_free) struct rows rows = {0};

	return session_query(session, sql, &value, 1, &rows, err);
}

static bool stage_all(struct import *import, struct session *session, struct error *err)
{
	for (size_t id = 0; id < RELATIONS; id++) {
		if (!stage(import, session, (enum relation_id)id, err))
			return false;
		if (import->stages[id].incomplete &&
		    !run_with(session, "INSERT INTO incomplete VALUES ($1)", relations[id]->name,
			      err))
			return false;
	}
	return true;
}

/* Where another staging row stands, to be read after what is said of the first one. */
static const char *describe_place(struct import *import, size_t place)
{
	const struct place *at = &import->places[place];
	const struct file *file = &import->files[at->file];
	const char *pointer;
	unsigned line = at->line, column = 1;

	if (!file->csv) {
		pointer = place_pointer(import, place);
		if (!pointer)
			return NULL;
		json_place(file->text, pointer, &line, &column);
	}
	return arena_format(import->memory, "; first at %s:%u", file->name, line);
}

static bool read_problem(struct import *import, const struct rows *rows, size_t row)
{
	const char *place = rows_text(rows, row, 0), *other = rows_text(rows, row, 3);
	const char *reason = rows_text(rows, row, 2), *clash = "";
	long number;

	if (!place || !reason || import->place_count == 0 ||
	    !number_read(place, 0, (long)import->place_count - 1, &number))
		return false;
	if (other) {
		long first;

		if (!number_read(other, 0, (long)import->place_count - 1, &first))
			return false;
		clash = describe_place(import, (size_t)first);
	}
	reason = clash ? arena_format(import->memory, "%s%s", reason, clash) : NULL;
	if (!reason) {
		import->failed = true;
		return false;
	}
	problem_at(import, (size_t)number, rows_text(rows, row, 1), reason);
	return true;
}

/* Looks for what only all rows together show. */
static bool check(struct import *import, struct session *session, struct error *err)
{
	CLEANUP(rows_free) struct rows rows = {0};

	if (!run(session, &import_statements_check, err) ||
	    (!import->reinstate && !run(session, &import_statements_check_retracted, err)) ||
	    !session_query(session, "SELECT entry, field, reason, other FROM problem", NULL, 0,
			   &rows, err))
		return false;
	for (size_t i = 0; i < rows.count; i++)
		if (!read_problem(import, &rows, i))
			return error_set(err, ERROR_INTERNAL, "A check gave an unknown place.");
	return !import->failed || error_out_of_memory(err);
}

static bool count_differences(struct session *session, struct outcome *outcome, struct error *err)
{
	CLEANUP(rows_free) struct rows rows = {0};

	if (!session_query(session, import_statements_compare.text, NULL, 0, &rows, err))
		return false;
	for (size_t i = 0; i < rows.count && i < sizeof outcome->tallies / sizeof *outcome->tallies;
	     i++) {
		struct tally *tally = &outcome->tallies[outcome->count++];
		long *const numbers[] = {&tally->added, &tally->changed, &tally->unchanged,
					 &tally->retracted};

		snprintf(tally->relation, sizeof tally->relation, "%s", rows_text(&rows, i, 0));
		for (size_t k = 0; k < 4; k++)
			*numbers[k] = strtol(rows_text(&rows, i, k + 1), NULL, 10);
	}
	return true;
}

static bool merge(struct import *import, struct session *session, struct outcome *outcome,
		  struct error *err)
{
	const char *reinstate = import->reinstate ? "on" : "off";

	return dataset_revision(session, &outcome->before, err) &&
	       run(session, &import_statements_next, err) &&
	       count_differences(session, outcome, err) &&
	       run_with(session, import_statements_settings.text, reinstate, err) &&
	       run(session, &import_statements_merge, err) &&
	       dataset_revision(session, &outcome->after, err) &&
	       session_run(session, "COMMIT", err);
}

bool import_load(struct import *import, struct session *session, struct outcome *outcome,
		 struct error *err)
{
	import_progress(import, "Waiting for other writers");
	if (!dataset_exists(session, err) || !run(session, &import_statements_begin, err))
		return false;
	import_progress(import, "Copying");
	if (!run(session, &import_statements_prepare, err) || !stage_all(import, session, err))
		return false;
	import_progress(import, "Checking");
	if (!check(import, session, err))
		return false;
	if (import->problems.count > 0)
		return session_run(session, "ROLLBACK", err);
	import_progress(import, "Merging");
	return merge(import, session, outcome, err);
}
