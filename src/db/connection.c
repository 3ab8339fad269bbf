#include "db/connection.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "db/connect.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/banned.h"

/* What a query relies on. Compiling (jit) pays off after a second or more, and our queries must
 * have ended by then. A plan for the parameters of one execution costs several times the execution.
 * Parallel workers cost more to start than a page takes. $1 is the limit of a query, $2 whether it
 * may only read. */
#define WANTED                                                                                     \
	"WITH wanted (name, value) AS (VALUES ('TimeZone', 'UTC'), ('DateStyle', 'ISO, YMD'),"     \
	" ('default_transaction_read_only', $2::text), ('client_connection_check_interval', "      \
	"'250'),"                                                                                  \
	" ('jit', 'off'), ('plan_cache_mode', 'force_generic_plan'),"                              \
	" ('max_parallel_workers_per_gather', '0'), ('statement_timeout', $1::text)) "

/* It is a tenth earlier than ours, so that the server ends a slow query and the connection can be
 * used again. When ours passes, the server did not even manage that. */
static long server_limit(long timeout)
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
	const char *const values[] = {limit, settings->writable ? "off" : "on"};

	snprintf(limit, sizeof limit, "%ld", server_limit(settings->query_timeout));
	return PQsetnonblocking(pg, 1) == 0 &&
	       PQsendQueryParams(pg, settings->unprepared ? look : set, 2, NULL, values, NULL, NULL,
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
	enum query_outcome outcome = connect_result(pg, deadline, interrupt, result);

	if (outcome == QUERY_LATE)
		return error_set(err, ERROR_UNAVAILABLE,
				 "The database does not set up a connection in time.");
	if (outcome == QUERY_COMPLETED && PQresultStatus(*result) == PGRES_FATAL_ERROR)
		outcome = connect_judge(pg, *result);
	return outcome != QUERY_LOST || connection_lost(pg, err);
}

/* Makes the settings by the deadline or until `interrupt` becomes readable. Fails with
 * ERROR_UNAVAILABLE. */
static bool apply_settings(PGconn *pg, const struct db_settings *settings, struct deadline deadline,
			   int interrupt, struct error *err)
{
	static atomic_flag told = ATOMIC_FLAG_INIT;
	CLEANUP(connect_clear) PGresult *result = NULL;

	if (!send_settings(pg, settings))
		return connection_lost(pg, err);
	if (!take_result(pg, deadline, interrupt, &result, err))
		return false;
	if (!connect_succeeded(result))
		return error_set(err, ERROR_UNAVAILABLE,
				 "The database refuses the settings of a connection: %s.",
				 PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
	if (settings->unprepared && PQntuples(result) == 1 && !PQgetisnull(result, 0, 0) &&
	    !atomic_flag_test_and_set(&told))
		log_write(LOG_WARNING, "role_settings_missing",
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

bool connection_check(PGconn *pg, const struct db_settings *settings, struct deadline deadline,
		      int interrupt, bool *fits, struct error *reason, struct error *err)
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
		if (!*fits || connect_succeeded(result))
			continue;
		*fits = error_set(reason, ERROR_UNAVAILABLE, "The database refuses %s: %s.",
				  (*queries)->name,
				  PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
	}
	return (connect_synchronise(pg, deadline, interrupt) == QUERY_COMPLETED &&
		PQexitPipelineMode(pg)) ||
	       connection_lost(pg, err);
}

static void receive_notice(void *context, const PGresult *result)
{
	const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	(void)context;
	log_write(LOG_WARNING, "database_notice_received", LOG_TEXT("severity", severity),
		  LOG_TEXT("detail", message ? message : PQresultErrorMessage(result)));
}

bool connection_open(const struct db_settings *settings, unsigned turn, struct deadline deadline,
		     int interrupt, struct connection **connection, struct error *err)
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

	if (!opened)
		return error_out_of_memory(err);
	opened->settings = settings;
	opened->alarm = -1;
	if (!connect_open(&options, &opened->pg, &opened->second_best, err) ||
	    !apply_settings(opened->pg, settings, deadline, interrupt, err)) {
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

static bool send_query(PGconn *pg, const struct query *query, const char *statement,
		       const char *const *values)
{
	const int count = (int)query->parameters;

	if (statement)
		return PQsendQueryPrepared(pg, statement, count, values, NULL, NULL, 0);
	return PQsendQueryParams(pg, query->text, count, NULL, values, NULL, NULL, 0);
}

/* What goes ahead of a query, in the same round trip. */
struct preamble {
	bool prepare, deallocate;
	uint64_t key;
	char name[STATEMENT_NAME_BYTES], evicted[STATEMENT_NAME_BYTES];
	long limit; /* milliseconds, for this query alone; 0: that of the connection */
};

static bool send_deallocate(PGconn *pg, const char *name)
{
#ifdef LIBPQ_HAS_CLOSE_PREPARED
	return PQsendClosePrepared(pg, name) && PQpipelineSync(pg);
#else
	char text[STATEMENT_NAME_BYTES + 16];

	snprintf(text, sizeof text, "DEALLOCATE \"%s\"", name);
	return PQsendQueryParams(pg, text, 0, NULL, NULL, NULL, NULL, 0) && PQpipelineSync(pg);
#endif
}

/* What lies between two synchronisations is one transaction, so the limit ends with the query. */
static bool send_limit(PGconn *pg, long milliseconds)
{
	static const char set[] = "SELECT set_config('statement_timeout', $1, true)";
	char limit[24];
	const char *const limits[] = {limit};

	snprintf(limit, sizeof limit, "%ld", milliseconds);
	return PQsendQueryParams(pg, set, 1, NULL, limits, NULL, NULL, 0);
}

static bool send_after(PGconn *pg, const struct preamble *preamble, const struct query *query,
		       const char *statement, const char *const *values)
{
	return PQenterPipelineMode(pg) &&
	       (!preamble->deallocate || send_deallocate(pg, preamble->evicted)) &&
	       /* Preparing can wait for a lock too, so the limit comes first. */
	       (!preamble->limit || send_limit(pg, preamble->limit)) &&
	       (!preamble->prepare || PQsendPrepare(pg, preamble->name, query->text, 0, NULL)) &&
	       send_query(pg, query, statement, values) && PQpipelineSync(pg);
}

/* A pooler that prepares may not know the name: then there is nothing to deallocate. */
static enum query_outcome take_deallocated(const struct connection *connection,
					   struct deadline deadline)
{
	CLEANUP(connect_clear) PGresult *ignored = NULL;
	enum query_outcome outcome =
		connect_result(connection->pg, deadline, connection->alarm, &ignored);

	return outcome == QUERY_COMPLETED
		       ? connect_synchronise(connection->pg, deadline, connection->alarm)
		       : outcome;
}

/* Takes the results of a pipeline. *result is the query's, or that of a step which failed before.
 */
static enum query_outcome take_after(struct connection *connection, const struct preamble *preamble,
				     struct deadline deadline, PGresult **result)
{
	const int steps = (preamble->limit > 0) + preamble->prepare + 1;
	const int prepared = preamble->prepare ? steps - 1 : 0; /* the step that prepares */
	enum query_outcome outcome = QUERY_COMPLETED;

	if (preamble->deallocate)
		outcome = take_deallocated(connection, deadline);
	for (int i = 1; i <= steps && outcome == QUERY_COMPLETED; i++) {
		CLEANUP(connect_clear) PGresult *step = NULL;

		outcome = connect_result(connection->pg, deadline, connection->alarm, &step);
		if (outcome == QUERY_COMPLETED && !*result &&
		    (i == steps || !connect_succeeded(step))) {
			*result = step;
			step = NULL;
		} else if (outcome == QUERY_COMPLETED && !*result && i == prepared) {
			statement_cache_add(&connection->statements, preamble->key, preamble->name);
		}
	}
	if (outcome == QUERY_COMPLETED)
		outcome = connect_synchronise(connection->pg, deadline, connection->alarm);
	return outcome == QUERY_COMPLETED && !PQexitPipelineMode(connection->pg) ? QUERY_LOST
										 : outcome;
}

/* Plans what goes ahead of a query; returns the name of its statement, NULL: it goes as text. */
static const char *plan_preamble(struct connection *connection, const struct query *query,
				 long timeout, struct preamble *preamble)
{
	const char *statement = NULL;

	*preamble = (struct preamble){0};
	if (timeout > connection->settings->query_timeout)
		preamble->limit = server_limit(timeout);
	if (connection->settings->unprepared)
		return NULL;
	preamble->key = statement_cache_key(query->text);
	statement = statement_cache_find(&connection->statements, preamble->key);
	if (statement)
		return statement;
	preamble->prepare = true;
	preamble->deallocate = statement_cache_evict(&connection->statements, preamble->evicted);
	statement_cache_name(&connection->statements, query->name, preamble->name);
	return preamble->name;
}

enum query_outcome connection_query(struct connection *connection, const struct query *query,
				    const char *const *values, long timeout,
				    struct deadline deadline, PGresult **result)
{
	const struct deadline limit = deadline_after(server_limit(timeout));
	enum query_outcome outcome = QUERY_LOST;
	struct preamble preamble;
	const char *statement = plan_preamble(connection, query, timeout, &preamble);
	PGconn *pg = connection->pg;

	*result = NULL;
	if (preamble.prepare || preamble.limit) {
		if (send_after(pg, &preamble, query, statement, values))
			outcome = take_after(connection, &preamble, deadline, result);
	} else if (send_query(pg, query, statement, values)) {
		outcome = connect_result(pg, deadline, connection->alarm, result);
	}
	if (outcome == QUERY_LATE && deadline_passed(limit))
		return QUERY_HUNG;
	return outcome == QUERY_COMPLETED && !connect_succeeded(*result)
		       ? connect_judge(pg, *result)
		       : outcome;
}
