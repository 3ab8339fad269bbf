#include "db/connection.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "db/connect.h"
#include "db/exchange.h"
#include "db/preparation.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/banned.h"

static void receive_notice(void *context, const PGresult *result)
{
	const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	(void)context;
	log_write(LOG_WARNING, "database_notice", LOG_TEXT("severity", severity),
		  LOG_TEXT("detail", message ? message : PQresultErrorMessage(result)));
}

bool connection_open(const struct db_settings *settings, unsigned turn, struct deadline deadline,
		     int interrupt, struct connection **connection, bool *misfit, struct error *err)
{
	const struct connect_options options = {
		.url = settings->url,
		.standby = settings->standby,
		.turn = turn,
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
	opened->alarm = -1;
	if (!connect_open(&options, &opened->pg, &opened->second_best, err) ||
	    !preparation_run(opened, deadline, interrupt, misfit, err)) {
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

static bool has_prepared(const struct connection *connection, const struct query *query)
{
	for (size_t i = 0; i < connection->late_count; i++)
		if (connection->late[i] == query)
			return true;
	return !query->late;
}

/* Prepares a late query. An error of the server stands in *result. */
static enum outcome prepare_late(struct connection *connection, const struct query *query,
				 struct deadline deadline, PGresult **result)
{
	enum outcome outcome;

	if (!PQsendPrepare(connection->pg, query->name, query->text, 0, NULL))
		return OUTCOME_LOST;
	outcome = exchange_result(connection->pg, deadline, connection->alarm, result);
	if (outcome != OUTCOME_ANSWERED || !exchange_succeeded(*result))
		return outcome;
	PQclear(*result);
	*result = NULL;
	connection->late[connection->late_count++] = query;
	return outcome;
}

static bool send_query(const struct connection *connection, const struct query *query,
		       const char *const *values)
{
	const int count = (int)query->parameters;

	if (connection->settings->unprepared || !has_prepared(connection, query))
		return PQsendQueryParams(connection->pg, query->text, count, NULL, values, NULL,
					 NULL, 0);
	return PQsendQueryPrepared(connection->pg, query->name, count, values, NULL, NULL, 0);
}

/* Sends a query behind the longer limit that the server is to know for it alone: what goes
 * between two synchronisations is one transaction. */
static bool send_longer(const struct connection *connection, const struct query *query,
			const char *const *values, long timeout)
{
	static const char set[] = "SELECT set_config('statement_timeout', $1, true)";
	char limit[24];
	const char *const limits[] = {limit};
	PGconn *pg = connection->pg;

	snprintf(limit, sizeof limit, "%ld", preparation_limit(timeout));
	return PQenterPipelineMode(pg) &&
	       PQsendQueryParams(pg, set, 1, NULL, limits, NULL, NULL, 0) &&
	       send_query(connection, query, values) && PQpipelineSync(pg);
}

/* Takes the result of the query, or that of its limit when the server refused this. */
static enum outcome take_longer(const struct connection *connection, struct deadline deadline,
				PGresult **result)
{
	CLEANUP(connect_clear) PGresult *set = NULL, *end = NULL;
	PGconn *pg = connection->pg;
	const int alarm = connection->alarm;
	enum outcome outcome = exchange_result(pg, deadline, alarm, &set);

	if (outcome == OUTCOME_ANSWERED)
		outcome = exchange_result(pg, deadline, alarm, result);
	if (outcome == OUTCOME_ANSWERED)
		outcome = exchange_await(pg, deadline, alarm);
	if (outcome != OUTCOME_ANSWERED)
		return outcome;
	end = PQgetResult(pg);
	if (PQresultStatus(end) != PGRES_PIPELINE_SYNC || !PQexitPipelineMode(pg))
		return OUTCOME_LOST;
	if (!exchange_succeeded(set)) {
		PQclear(*result);
		*result = set;
		set = NULL;
	}
	return outcome;
}

static enum outcome run(const struct connection *connection, const struct query *query,
			const char *const *values, long timeout, struct deadline deadline,
			PGresult **result)
{
	if (timeout > connection->settings->query_timeout)
		return send_longer(connection, query, values, timeout)
			       ? take_longer(connection, deadline, result)
			       : OUTCOME_LOST;
	return send_query(connection, query, values)
		       ? exchange_result(connection->pg, deadline, connection->alarm, result)
		       : OUTCOME_LOST;
}

enum outcome connection_ask(struct connection *connection, const struct query *query,
			    const char *const *values, long timeout, struct deadline deadline,
			    PGresult **result)
{
	const struct deadline limit = deadline_after(preparation_limit(timeout));
	enum outcome outcome = OUTCOME_ANSWERED;

	*result = NULL;
	if (!connection->settings->unprepared && !has_prepared(connection, query) &&
	    connection->late_count < CONNECTION_LATE)
		outcome = prepare_late(connection, query, deadline, result);
	if (outcome == OUTCOME_ANSWERED && !*result)
		outcome = run(connection, query, values, timeout, deadline, result);
	if (outcome == OUTCOME_LATE && deadline_passed(limit))
		return OUTCOME_SILENT;
	return outcome == OUTCOME_ANSWERED && !exchange_succeeded(*result)
		       ? exchange_judge(connection->pg, *result)
		       : outcome;
}
