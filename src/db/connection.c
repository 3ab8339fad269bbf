#include "db/connection.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "db/connect.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* The server's own limit for a query. A tenth earlier than ours, it ends what is merely slow, and
 * the connection stays good; when ours passes, the server has not even managed that. */
static long server_limit(const struct db_settings *settings)
{
	return settings->query_timeout - settings->query_timeout / 10;
}

static void receive_notice(void *context, const PGresult *result)
{
	const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	(void)context;
	log_write(LOG_WARNING, "database_notice", LOG_TEXT("severity", severity),
		  LOG_TEXT("detail", message ? message : PQresultErrorMessage(result)));
}

/* Waits until PQgetResult would not block; sends meanwhile what is still to be sent. */
static enum outcome await(PGconn *pg, struct deadline deadline, int interrupt)
{
	for (;;) {
		int unsent = PQflush(pg);

		if (unsent < 0)
			return OUTCOME_LOST;
		if (!PQisBusy(pg))
			return OUTCOME_ANSWERED;
		if (!connect_wait(pg, (short)(unsent ? POLLIN | POLLOUT : POLLIN), deadline,
				  interrupt))
			return OUTCOME_LATE;
		if (!PQconsumeInput(pg))
			return OUTCOME_LOST;
		/* A server that goes on sending does not hold us longer than one that is silent. */
		if (PQisBusy(pg) && deadline_passed(deadline))
			return OUTCOME_LATE;
	}
}

/* Waits for one result and the end of its query. */
static enum outcome take_result(PGconn *pg, struct deadline deadline, int interrupt,
				PGresult **result)
{
	enum outcome outcome = await(pg, deadline, interrupt);

	if (outcome != OUTCOME_ANSWERED)
		return outcome;
	*result = PQgetResult(pg);
	for (;;) {
		CLEANUP(connect_clear) PGresult *more = NULL;

		outcome = await(pg, deadline, interrupt);
		if (outcome != OUTCOME_ANSWERED)
			return outcome;
		more = PQgetResult(pg);
		if (!more)
			return *result ? OUTCOME_ANSWERED : OUTCOME_LOST;
	}
}

static bool succeeded(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

/* What an error of the query means for the connection. */
static enum outcome judge(const PGconn *pg, const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	/* Without a state it is libpq that complains, not the server. With 57P.. the server takes
	 * its leave: it is shut down, has crashed or waited too long for us. */
	if (PQstatus(pg) == CONNECTION_BAD || !state || strncmp(state, "57P", 3) == 0)
		return OUTCOME_LOST;
	/* "cached plan must not change result type", "prepared statement does not exist" */
	if (strcmp(state, "0A000") == 0 || strcmp(state, "26000") == 0)
		return OUTCOME_STALE;
	return OUTCOME_ANSWERED;
}

static bool send_settings(PGconn *pg, const struct db_settings *settings)
{
	/* Compiling a query pays off after a second or more; ours must have ended by then. */
	static const char text[] = "SELECT set_config('timezone', 'UTC', false),"
				   "set_config('datestyle', 'ISO, YMD', false),"
				   "set_config('default_transaction_read_only', 'on', false),"
				   "set_config('client_connection_check_interval', '250', false),"
				   "set_config('jit', 'off', false),"
				   "set_config('statement_timeout', $1, false)";
	char limit[24];
	const char *const values[] = {limit};

	snprintf(limit, sizeof limit, "%ld", server_limit(settings));
	return PQsendQueryParams(pg, text, 1, NULL, values, NULL, NULL, 0);
}

/* Sends everything without waiting in between: one round trip, however many statements. */
static bool send_preparation(PGconn *pg, const struct db_settings *settings)
{
	if (PQsetnonblocking(pg, 1) != 0 || !PQenterPipelineMode(pg) ||
	    !send_settings(pg, settings))
		return false;
	for (const struct statement *const *each = settings->statements; *each; each++)
		if (!PQsendPrepare(pg, (*each)->name, (*each)->text, 0, NULL))
			return false;
	return PQpipelineSync(pg);
}

static bool lost(const PGconn *pg, struct error *err)
{
	char complaint[512];

	connect_complaint(pg, complaint, sizeof complaint);
	return error_set(err, ERROR_UNAVAILABLE, "The connection to the database is lost: %s.",
			 complaint);
}

/* Takes the result of what was sent under that name. */
static bool take_preparation(PGconn *pg, struct deadline deadline, int interrupt, const char *name,
			     bool *misfit, struct error *err)
{
	CLEANUP(connect_clear) PGresult *result = NULL;
	enum outcome outcome = take_result(pg, deadline, interrupt, &result);
	const char *message;

	if (outcome == OUTCOME_LATE)
		return error_set(err, ERROR_UNAVAILABLE,
				 "The database does not prepare its statements in time.");
	if (outcome == OUTCOME_ANSWERED && succeeded(result))
		return true;
	message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	if (outcome != OUTCOME_ANSWERED || !message)
		return lost(pg, err);
	if (judge(pg, result) == OUTCOME_LOST)
		return error_set(err, ERROR_UNAVAILABLE, "The database takes its leave: %s.",
				 message);
	*misfit = true;
	return error_set(err, ERROR_UNAVAILABLE, "The database refuses %s: %s.", name, message);
}

static bool prepare(PGconn *pg, const struct db_settings *settings, struct deadline deadline,
		    int interrupt, bool *misfit, struct error *err)
{
	CLEANUP(connect_clear) PGresult *end = NULL;

	if (!send_preparation(pg, settings))
		return lost(pg, err);
	if (!take_preparation(pg, deadline, interrupt, "the settings of a connection", misfit, err))
		return false;
	for (const struct statement *const *each = settings->statements; *each; each++)
		if (!take_preparation(pg, deadline, interrupt, (*each)->name, misfit, err))
			return false;
	if (await(pg, deadline, interrupt) != OUTCOME_ANSWERED)
		return lost(pg, err);
	end = PQgetResult(pg);
	if (PQresultStatus(end) != PGRES_PIPELINE_SYNC || !PQexitPipelineMode(pg))
		return lost(pg, err);
	return true;
}

bool connection_open(const struct db_settings *settings, struct deadline deadline, int interrupt,
		     struct connection **connection, bool *misfit, struct error *err)
{
	const struct connect_options options = {
		.url = settings->url,
		.standby = settings->standby,
		.name = "cybertreaty serve",
		.deadline = deadline,
		.interrupt = interrupt,
		.receive = receive_notice,
	};
	struct connection *opened = calloc(1, sizeof *opened);

	*misfit = false;
	if (!opened)
		return error_out_of_memory(err);
	opened->settings = settings;
	if (!connect_open(&options, &opened->pg, err) ||
	    !prepare(opened->pg, settings, deadline, interrupt, misfit, err)) {
		connection_close(&opened);
		return false;
	}
	*connection = opened;
	return true;
}

void connection_close(struct connection **connection)
{
	if (!*connection)
		return;
	PQfinish((*connection)->pg);
	free(*connection);
	*connection = NULL;
}

bool connection_alive(struct connection *connection)
{
	PGconn *pg = connection->pg;

	if (!connect_wait(pg, POLLIN, deadline_after(0), -1))
		return true;
	/* What a server says unasked is that a setting has changed, or farewell and then the end.
	 */
	return PQconsumeInput(pg) && !PQisBusy(pg) && PQstatus(pg) == CONNECTION_OK &&
	       !connect_wait(pg, POLLIN, deadline_after(0), -1);
}

enum outcome connection_ask(struct connection *connection, const struct statement *statement,
			    const char *const *values, struct deadline deadline, PGresult **result)
{
	const struct deadline limit = deadline_after(server_limit(connection->settings));
	PGconn *pg = connection->pg;
	enum outcome outcome;

	*result = NULL;
	if (!PQsendQueryPrepared(pg, statement->name, (int)statement->parameters, values, NULL,
				 NULL, 0))
		return OUTCOME_LOST;
	outcome = take_result(pg, deadline, -1, result);
	if (outcome == OUTCOME_LATE && deadline_passed(limit))
		return OUTCOME_SILENT;
	return outcome == OUTCOME_ANSWERED && !succeeded(*result) ? judge(pg, *result) : outcome;
}
