#include "db/session.h"

#include "base/cleanup.h"
#include "base/number.h"
#include "base/utf8.h"
#include "db/connect.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/banned.h"

struct session {
	PGconn *pg;
	char state[6];
	long position;
};

/* What the session relies on, independent of the settings of server, database and role. */
static const char settings[] = "SET timezone = 'UTC';"
			       "SET datestyle = 'ISO, YMD';"
			       "SET statement_timeout = 0;"
			       "SET idle_in_transaction_session_timeout = 0";

/* Prints warnings. A notice of libpq itself has only a text. */
static void receive_notice(void *context, const PGresult *result)
{
	const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	(void)context;
	if (!severity || strcmp(severity, "WARNING") == 0)
		fprintf(stderr, "WARNING: %s\n", message ? message : PQresultErrorMessage(result));
}

bool session_open(const char *url, bool standby, const char *name, long milliseconds,
		  struct session **session, struct error *err)
{
	struct session *opened;
	const struct connect_options options = {
		.url = url,
		.standby = standby,
		.name = name,
		.deadline = deadline_after(milliseconds),
		.interrupt = -1,
		.receive = receive_notice,
	};

	if (!connect_url_valid(url, err))
		return false;
	opened = calloc(1, sizeof *opened);
	if (!opened)
		return error_out_of_memory(err);
	if (!connect_open(&options, &opened->pg, NULL, err)) {
		free(opened);
		return false;
	}
	if (!session_run(opened, settings, err)) {
		session_close(&opened);
		return false;
	}
	*session = opened;
	return true;
}

void session_close(struct session **session)
{
	if (!*session)
		return;
	PQfinish((*session)->pg);
	free(*session);
	*session = NULL;
}

const char *session_failed_state(const struct session *session)
{
	return session->state;
}

long session_failed_position(const struct session *session)
{
	return session->position;
}

static const char *field_of(const PGresult *result, int field)
{
	const char *value = PQresultErrorField(result, field);

	return value ? value : "";
}

/* Stores state and position of a failure and sets err from its texts. `result` may be NULL. */
static bool command_failed(struct session *session, const PGresult *result, struct error *err)
{
	const char *message = field_of(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *detail = field_of(result, PG_DIAG_MESSAGE_DETAIL);
	const char *hint = field_of(result, PG_DIAG_MESSAGE_HINT);
	const char *context = field_of(result, PG_DIAG_CONTEXT);
	bool lost = PQstatus(session->pg) == CONNECTION_BAD;
	char reason[512];

	if (!number_read(field_of(result, PG_DIAG_STATEMENT_POSITION), 1, LONG_MAX,
			 &session->position))
		session->position = 0;
	snprintf(session->state, sizeof session->state, "%s", field_of(result, PG_DIAG_SQLSTATE));
	if (lost || !*message) {
		connect_failure(session->pg, reason, sizeof reason);
		return lost ? error_set(err, ERROR_UNAVAILABLE,
					"The connection to the database is lost: %s.", reason)
			    : error_set(err, ERROR_INTERNAL, "%s", reason);
	}
	return error_set(err, ERROR_INTERNAL, "%s%s%s%s%s%s%s", message, *detail ? " DETAIL: " : "",
			 detail, *hint ? " HINT: " : "", hint, *context ? " CONTEXT: " : "",
			 context);
}

static bool is_complete(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
	       status == PGRES_EMPTY_QUERY;
}

bool session_run(struct session *session, const char *script, struct error *err)
{
	CLEANUP(connect_clear) PGresult *result = PQexec(session->pg, script);

	return is_complete(result) || command_failed(session, result, err);
}

bool session_query(struct session *session, const char *text, const char *const *values,
		   size_t count, struct rows *rows, struct error *err)
{
	CLEANUP(connect_clear)
	PGresult *result = PQexecParams(session->pg, text, (int)count, NULL, values, NULL, NULL, 0);

	if (!is_complete(result))
		return command_failed(session, result, err);
	*rows = (struct rows){.count = (size_t)PQntuples(result),
			      .columns = (size_t)PQnfields(result),
			      .result = result};
	result = NULL;
	return true;
}

/* Takes the remaining results; false when one of them is a failure. */
static bool take_remaining(struct session *session, struct error *err)
{
	bool fine = true;

	for (;;) {
		CLEANUP(connect_clear) PGresult *result = PQgetResult(session->pg);

		if (!result)
			return fine;
		if (fine && !is_complete(result))
			fine = command_failed(session, result, err);
	}
}

bool session_copy_in(struct session *session, const char *statement, struct error *err)
{
	CLEANUP(connect_clear) PGresult *result = PQexec(session->pg, statement);

	return PQresultStatus(result) == PGRES_COPY_IN || command_failed(session, result, err);
}

/* Ends a COPY; drops the server's error about that. */
static void abandon_copy(struct session *session)
{
	PQputCopyEnd(session->pg, "abandoned");
	for (PGresult *result; (result = PQgetResult(session->pg));)
		PQclear(result);
}

static bool copy_failed(struct session *session, struct error *err)
{
	command_failed(session, NULL, err);
	abandon_copy(session);
	return false;
}

bool session_copy_bytes(struct session *session, const char *bytes, size_t length,
			struct error *err)
{
	while (length > 0) {
		const size_t most = (size_t)1 << 20;
		int piece = (int)(length < most ? length : most);

		if (PQputCopyData(session->pg, bytes, piece) != 1)
			return copy_failed(session, err);
		bytes += piece;
		length -= (size_t)piece;
	}
	return true;
}

bool session_copy_end(struct session *session, struct error *err)
{
	return PQputCopyEnd(session->pg, NULL) == 1 ? take_remaining(session, err)
						    : copy_failed(session, err);
}

bool session_lock(struct session *session, long number, struct deadline deadline, bool *held,
		  struct error *err)
{
	const struct timespec pause = {.tv_nsec = 100000000};
	char text[24];
	const char *const values[] = {text};

	snprintf(text, sizeof text, "%ld", number);
	/* Polls, since a session that waits in pg_advisory_lock has a snapshot, and CREATE INDEX
	 * CONCURRENTLY in the session that holds the lock would wait for its end. */
	for (;;) {
		CLEANUP(rows_free) struct rows rows = {0};

		if (!session_query(session, "SELECT pg_try_advisory_lock($1)", values, 1, &rows,
				   err))
			return false;
		*held = *rows_text(&rows, 0, 0) == 't';
		if (*held || deadline_passed(deadline))
			return true;
		nanosleep(&pause, NULL);
	}
}
