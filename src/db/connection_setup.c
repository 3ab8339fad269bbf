#include "db/connection_setup.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "db/connect.h"
#include "db/query_result.h"

#include <stdatomic.h>
#include <stdio.h>

#include "base/banned.h"

/* What a query relies on. Compiling (jit) pays off after a second or more, and our queries must
 * have ended by then. A plan for the parameters of one execution costs several times the execution.
 * Parallel workers cost more to start than a page takes. $1 is the limit of a query. */
#define WANTED                                                                                     \
	"WITH wanted (name, value) AS (VALUES ('TimeZone', 'UTC'), ('DateStyle', 'ISO, YMD'),"     \
	" ('default_transaction_read_only', 'on'), ('client_connection_check_interval', "          \
	"'250'),"                                                                                  \
	" ('jit', 'off'), ('plan_cache_mode', 'force_generic_plan'),"                              \
	" ('max_parallel_workers_per_gather', '0'), ('statement_timeout', $1::text)) "

/* It is a tenth earlier than ours, so that the server ends a slow query and the connection can be
 * used again. When ours passes, the server did not even manage that. */
long connection_setup_limit(long timeout)
{
	return timeout - timeout / 10;
}

static bool send_settings(PGconn *pg, const struct db_settings *settings)
{
	/* A setting that the role has is not made again: behind a pooler that prepares, the next
	 * transaction may run on another connection, and only the role is the same there. */
	static const char set[] =
		WANTED "SELECT set_config(wanted.name, value, false)"
		       " FROM wanted JOIN pg_settings USING (name) WHERE setting <> value";
	static const char look[] =
		WANTED "SELECT string_agg(name || ' = ' || value, '; ' ORDER BY name)"
		       " FROM wanted JOIN pg_settings USING (name) WHERE setting <> value"
		       /* Without prepared statements the server caches no plan. */
		       " AND name <> 'plan_cache_mode'"
		       " AND (name <> 'statement_timeout'"
		       " OR setting::bigint NOT BETWEEN 1 AND value::bigint)";
	char limit[24];
	const char *const values[] = {limit};

	snprintf(limit, sizeof limit, "%ld", connection_setup_limit(settings->query_timeout));
	return PQsetnonblocking(pg, 1) == 0 &&
	       PQsendQueryParams(pg, settings->unprepared ? look : set, 1, NULL, values, NULL, NULL,
				 0);
}

static bool connection_lost(const PGconn *pg, struct error *err)
{
	char failure[512];

	connect_failure(pg, failure, sizeof failure);
	return error_set(err, ERROR_UNAVAILABLE, "The connection to the database is lost: %s.",
			 failure);
}

/* Takes one result, which may be an error of the query; the caller clears it. */
static bool take_result(PGconn *pg, struct deadline deadline, int interrupt, PGresult **result,
			struct error *err)
{
	enum query_outcome outcome = query_result_take(pg, deadline, interrupt, result);

	if (outcome == QUERY_LATE)
		return error_set(err, ERROR_UNAVAILABLE,
				 "The database does not set up a connection in time.");
	if (outcome == QUERY_COMPLETED && PQresultStatus(*result) == PGRES_FATAL_ERROR)
		outcome = query_result_judge(pg, *result);
	return outcome != QUERY_LOST || connection_lost(pg, err);
}

bool connection_setup_apply(PGconn *pg, const struct db_settings *settings,
			    struct deadline deadline, int interrupt, struct error *err)
{
	static atomic_flag told = ATOMIC_FLAG_INIT;
	CLEANUP(connect_clear) PGresult *result = NULL;

	if (!send_settings(pg, settings))
		return connection_lost(pg, err);
	if (!take_result(pg, deadline, interrupt, &result, err))
		return false;
	if (!query_result_succeeded(result))
		return error_set(err, ERROR_UNAVAILABLE,
				 "The database refuses the settings of a connection: %s.",
				 PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
	if (settings->unprepared && PQntuples(result) == 1 && !PQgetisnull(result, 0, 0) &&
	    !atomic_flag_test_and_set(&told))
		log_write(LOG_WARNING, "role_lacks_settings",
			  LOG_TEXT("detail", PQgetvalue(result, 0, 0)));
	return true;
}

/* One round trip, however many queries. Without a name, the server drops each one for the next. */
static bool send_all(PGconn *pg, const struct query *const *queries)
{
	if (!PQenterPipelineMode(pg))
		return false;
	for (; *queries; queries++)
		if (!PQsendPrepare(pg, "", (*queries)->text, 0, NULL))
			return false;
	return PQpipelineSync(pg);
}

bool connection_setup_check(PGconn *pg, const struct db_settings *settings,
			    struct deadline deadline, int interrupt, bool *fits,
			    struct error *reason, struct error *err)
{
	const struct query *const *queries = settings->queries;

	*fits = true;
	if (!send_all(pg, queries))
		return connection_lost(pg, err);
	for (; *queries; queries++) {
		CLEANUP(connect_clear) PGresult *result = NULL;

		if (!take_result(pg, deadline, interrupt, &result, err))
			return false;
		/* The server skips what follows an error. */
		if (!*fits || query_result_succeeded(result))
			continue;
		*fits = error_set(reason, ERROR_UNAVAILABLE, "The database refuses %s: %s.",
				  (*queries)->name,
				  PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
	}
	return (query_result_synchronise(pg, deadline, interrupt) == QUERY_COMPLETED &&
		PQexitPipelineMode(pg)) ||
	       connection_lost(pg, err);
}
