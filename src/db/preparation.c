#include "db/preparation.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "db/connect.h"
#include "db/exchange.h"

#include <stdatomic.h>
#include <stdio.h>

#include "base/banned.h"

/* What a query relies on. Compiling one pays off after a second or more; ours must have ended by
 * then. Planning one for its parameters costs several times what answering it does, and is done
 * whenever the general plan is estimated to be dearer. Workers cost more to start than a page
 * takes. $1 is the limit of a query. */
#define WANTED                                                                                     \
	"WITH wanted (name, value) AS (VALUES ('TimeZone', 'UTC'), ('DateStyle', 'ISO, YMD'),"     \
	" ('default_transaction_read_only', 'on'), ('client_connection_check_interval', '250'),"   \
	" ('jit', 'off'), ('plan_cache_mode', 'force_generic_plan'),"                              \
	" ('max_parallel_workers_per_gather', '0'), ('statement_timeout', $1::text)) "

struct preparation {
	PGconn *pg;
	const struct db_settings *settings;
	struct deadline deadline;
	int interrupt;
	bool misfit;
};

/* A tenth earlier than ours, it ends what is merely slow, and the connection stays good; when ours
 * passes, the server has not even managed that. */
long preparation_limit(long timeout)
{
	return timeout - timeout / 10;
}

static bool send_settings(const struct preparation *preparation)
{
	/* What the role has brought along is not set again: behind a pooler that prepares, the
	 * next transaction may run on another connection, and only the role is the same there. */
	static const char set[] =
		WANTED "SELECT set_config(wanted.name, value, false)"
		       " FROM wanted JOIN pg_settings USING (name) WHERE setting <> value";
	static const char look[] =
		WANTED "SELECT string_agg(name || ' = ' || value, '; ' ORDER BY name)"
		       " FROM wanted JOIN pg_settings USING (name) WHERE setting <> value"
		       /* Without prepared queries no plan is kept. */
		       " AND name <> 'plan_cache_mode'"
		       " AND (name <> 'statement_timeout'"
		       " OR setting::bigint NOT BETWEEN 1 AND value::bigint)";
	const char *text = preparation->settings->unprepared ? look : set;
	char limit[24];
	const char *const values[] = {limit};

	snprintf(limit, sizeof limit, "%ld",
		 preparation_limit(preparation->settings->query_timeout));
	return PQsendQueryParams(preparation->pg, text, 1, NULL, values, NULL, NULL, 0);
}

/* Sends everything without waiting in between: one round trip, however many queries. Those that
 * will be sent as text are parsed all the same, so that one that does not fit is found now. */
static bool send_all(const struct preparation *preparation)
{
	const bool named = !preparation->settings->unprepared;
	PGconn *pg = preparation->pg;

	if (PQsetnonblocking(pg, 1) != 0 || !PQenterPipelineMode(pg) || !send_settings(preparation))
		return false;
	for (const struct query *const *each = preparation->settings->queries; *each; each++)
		if (!PQsendPrepare(pg, named ? (*each)->name : "", (*each)->text, 0, NULL))
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

/* Takes the result of what was sent under that name; *result is the caller's. */
static bool take(struct preparation *preparation, const char *name, PGresult **result,
		 struct error *err)
{
	enum outcome outcome = exchange_result(preparation->pg, preparation->deadline,
					       preparation->interrupt, result);
	const char *message;

	if (outcome == OUTCOME_LATE)
		return error_set(err, ERROR_UNAVAILABLE,
				 "The database does not prepare its queries in time.");
	if (outcome == OUTCOME_ANSWERED && exchange_succeeded(*result))
		return true;
	message = PQresultErrorField(*result, PG_DIAG_MESSAGE_PRIMARY);
	if (outcome != OUTCOME_ANSWERED || !message)
		return lost(preparation->pg, err);
	if (exchange_judge(preparation->pg, *result) == OUTCOME_LOST)
		return error_set(err, ERROR_UNAVAILABLE, "The database takes its leave: %s.",
				 message);
	preparation->misfit = true;
	return error_set(err, ERROR_UNAVAILABLE, "The database refuses %s: %s.", name, message);
}

static bool take_settings(struct preparation *preparation, struct error *err)
{
	static atomic_flag told = ATOMIC_FLAG_INIT;
	CLEANUP(connect_clear) PGresult *result = NULL;

	if (!take(preparation, "the settings of a connection", &result, err))
		return false;
	if (preparation->settings->unprepared && PQntuples(result) == 1 &&
	    !PQgetisnull(result, 0, 0) && !atomic_flag_test_and_set(&told))
		log_write(LOG_WARNING, "role_lacks_settings",
			  LOG_TEXT("detail", PQgetvalue(result, 0, 0)));
	return true;
}

static bool take_all(struct preparation *preparation, struct error *err)
{
	CLEANUP(connect_clear) PGresult *end = NULL;
	PGconn *pg = preparation->pg;

	if (!take_settings(preparation, err))
		return false;
	for (const struct query *const *each = preparation->settings->queries; *each; each++) {
		CLEANUP(connect_clear) PGresult *result = NULL;

		if (!take(preparation, (*each)->name, &result, err))
			return false;
	}
	if (exchange_await(pg, preparation->deadline, preparation->interrupt) != OUTCOME_ANSWERED)
		return lost(pg, err);
	end = PQgetResult(pg);
	if (PQresultStatus(end) != PGRES_PIPELINE_SYNC || !PQexitPipelineMode(pg))
		return lost(pg, err);
	return true;
}

bool preparation_run(const struct connection *connection, struct deadline deadline, int interrupt,
		     bool *misfit, struct error *err)
{
	struct preparation preparation = {
		.pg = connection->pg,
		.settings = connection->settings,
		.deadline = deadline,
		.interrupt = interrupt,
	};
	bool ready;

	if (!send_all(&preparation))
		return lost(connection->pg, err);
	ready = take_all(&preparation, err);
	*misfit = preparation.misfit;
	return ready;
}
