#include "db/migration.h"

#include "base/cleanup.h"
#include "db/session.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/banned.h"

/* The advisory lock of this program's migrations; the dataset lock is another. */
enum { MIGRATION_LOCK = 185189225 };

/* Tables go where the program looks for them, independent of the role's search_path. While a step
 * waits for a table, every later reader waits too: so it times out soon, and tries again later. */
static const char settings[] = "SET search_path = public; SET lock_timeout = '300ms'";

enum { PAUSE_MILLISECONDS = 700 };

static const char create_record[] =
	"CREATE TABLE migration ("
	"name text COLLATE \"C\" PRIMARY KEY,"
	"checksum text NOT NULL,"
	"applied_at timestamptz NOT NULL DEFAULT now());"
	"COMMENT ON TABLE migration IS 'Steps of the schema that were applied.';"
	"COMMENT ON COLUMN migration.name IS 'Name of the step: its number and what it is about.';"
	"COMMENT ON COLUMN migration.checksum IS 'SHA-256 of the text of the step.';"
	"COMMENT ON COLUMN migration.applied_at IS 'Moment at which it was applied.'";

const struct embedded *migration_find(const struct embedded *const *list, const char *name)
{
	while (*list && strcmp((*list)->name, name) != 0)
		list++;
	return *list;
}

static bool same_checksum(const struct rows *recorded, size_t row, const struct embedded *step)
{
	return strcmp(rows_text(recorded, row, 1), step->checksum) == 0;
}

bool migration_current(const struct rows *recorded, const struct embedded *const *list)
{
	size_t wanted = 0, found = 0;

	while (list[wanted])
		wanted++;
	for (size_t row = 0; row < recorded->count; row++) {
		const struct embedded *step = migration_find(list, rows_text(recorded, row, 0));

		if (step && !same_checksum(recorded, row, step))
			return false;
		found += step != NULL;
	}
	return found == wanted;
}

/* Compares the record with the list; *count steps of the list are recorded. */
static bool check_record(const struct rows *recorded, const struct embedded *const *list,
			 bool allow_newer, size_t *count, struct error *err)
{
	size_t done = 0, total = 0;

	while (list[total])
		total++;
	for (size_t row = 0; row < recorded->count; row++) {
		const char *name = rows_text(recorded, row, 0);
		const struct embedded *step = migration_find(list, name), *next = list[done];

		if (!step && total && strcmp(name, list[total - 1]->name) < 0)
			return error_set(err, ERROR_INTERNAL,
					 "The database has migration %s, which does not belong to "
					 "this program.",
					 name);
		if (!step && !allow_newer)
			return error_set(err, ERROR_INTERNAL,
					 "The database has migration %s, which this program does "
					 "not know: a newer program applied it. (--allow-newer)",
					 name);
		if (next && step != next)
			return error_set(err, ERROR_INTERNAL,
					 "Migration %s was not applied before %s, so it cannot be "
					 "applied now.",
					 next->name, name);
		if (step && !same_checksum(recorded, row, step))
			return error_set(err, ERROR_INTERNAL,
					 "Migration %s was edited after it had been applied; make "
					 "a new one instead.",
					 name);
		done += step != NULL;
	}
	*count = done;
	return true;
}

/* Reads the record; creates its table when there is none. */
static bool read_record(struct session *session, struct rows *recorded, struct error *err)
{
	CLEANUP(rows_free) struct rows there = {0};

	if (!session_query(session, "SELECT to_regclass('public.migration')", NULL, 0, &there, err))
		return false;
	if (!rows_text(&there, 0, 0) && !session_run(session, create_record, err))
		return false;
	return session_query(session, "SELECT name, checksum FROM migration ORDER BY name", NULL, 0,
			     recorded, err);
}

/* Puts the name of the step, and the line of the mistake, before the message of err. */
static bool step_failed(const struct session *session, const struct embedded *step,
			struct error *err)
{
	long position = session_failed_position(session), line = 1;
	struct error reason = *err;

	if (position == 0)
		return error_set(err, reason.kind, "Migration %s: %s", step->name, reason.message);
	for (const char *at = step->text; *at && position > 1; at++) {
		/* Of a character of several bytes only the first counts. */
		position -= ((unsigned char)*at & 0xC0) != 0x80;
		line += *at == '\n';
	}
	return error_set(err, reason.kind, "Migration %s, line %ld: %s", step->name, line,
			 reason.message);
}

/* The lock is requested again: behind a pooler this may be another connection, which does not hold
 * it. The record goes first, so that a step which another process applied meanwhile is not begun.
 */
static bool record_step(struct session *session, const struct embedded *step, struct error *err)
{
	const char *const values[] = {step->name, step->checksum};
	CLEANUP(rows_free) struct rows lock = {0};
	CLEANUP(rows_free) struct rows none = {0};
	char text[64];

	snprintf(text, sizeof text, "SELECT pg_try_advisory_xact_lock(%d)", MIGRATION_LOCK);
	if (!session_query(session, text, NULL, 0, &lock, err))
		return false;
	if (*rows_text(&lock, 0, 0) != 't')
		return error_set(err, ERROR_UNAVAILABLE,
				 "The migration lock was lost; connect to the database directly, "
				 "not through a pooler.");
	return session_query(session, "INSERT INTO migration (name, checksum) VALUES ($1, $2)",
			     values, 2, &none, err);
}

/* On failure the transaction is left open: closing the session rolls it back. */
static bool apply_once(struct session *session, const struct embedded *step, struct error *err)
{
	return session_run(session, "BEGIN", err) && record_step(session, step, err) &&
	       (session_run(session, step->text, err) || step_failed(session, step, err)) &&
	       session_run(session, "COMMIT", err);
}

/* Whether the last failure was that other sessions hold a lock, or wait for one of ours (a
 * deadlock). */
static bool is_lock_conflict(const struct session *session)
{
	const char *state = session_failed_state(session);

	return strcmp(state, "55P03") == 0 || strcmp(state, "40P01") == 0;
}

/* Tries again while other sessions hold locks, from the beginning of the step. */
static bool apply_step(struct session *session, const struct embedded *step,
		       struct deadline deadline, struct error *err)
{
	const struct timespec pause = {.tv_nsec = PAUSE_MILLISECONDS * 1000000L};
	struct error reason;

	while (!apply_once(session, step, &reason)) {
		if (reason.kind == ERROR_UNAVAILABLE || !is_lock_conflict(session))
			return error_set(err, reason.kind, "%s", reason.message);
		if (deadline_passed(deadline))
			return error_set(err, ERROR_UNAVAILABLE,
					 "Migration %s cannot get its tables: others hold them, "
					 "perhaps a backup or a long query. Nothing of it was "
					 "applied; call again, or with a longer --wait.",
					 step->name);
		if (!session_run(session, "ROLLBACK", err))
			return false;
		nanosleep(&pause, NULL);
	}
	return true;
}

static bool lock_migrations(struct session *session, long milliseconds, struct error *err)
{
	bool held;

	if (!session_lock(session, MIGRATION_LOCK, deadline_after(milliseconds), &held, err))
		return false;
	return held || error_set(err, ERROR_UNAVAILABLE,
				 "Another migration of this database is running and did not finish "
				 "within %ld ms.",
				 milliseconds);
}

bool migration_apply(struct session *session, const struct embedded *const *list,
		     const struct migration_options *options, size_t *newer, struct error *err)
{
	CLEANUP(rows_free) struct rows recorded = {0};
	size_t done = 0;

	if (!session_run(session, settings, err) ||
	    !lock_migrations(session, options->lock_milliseconds, err) ||
	    !read_record(session, &recorded, err) ||
	    !check_record(&recorded, list, options->allow_newer, &done, err))
		return false;
	*newer = recorded.count - done;
	for (; list[done]; done++) {
		if (!apply_step(session, list[done], deadline_after(options->lock_milliseconds),
				err))
			return false;
		options->applied(options->context, list[done]->name);
	}
	return true;
}
