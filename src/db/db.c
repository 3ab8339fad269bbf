#include "db/db.h"

#include "base/cleanup.h"
#include "db/connect.h"
#include "db/pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

struct db {
	struct pool *pool;
	long pool_wait, query_timeout, bulk_timeout;
};

bool db_open(const struct db_settings *settings, struct db **db, struct error *err)
{
	struct db *opened;

	if (!connect_url_valid(settings->url, err))
		return false;
	opened = calloc(1, sizeof *opened);
	if (!opened)
		return error_out_of_memory(err);
	opened->pool_wait = settings->pool_wait;
	opened->query_timeout = settings->query_timeout;
	opened->bulk_timeout = settings->bulk_timeout;
	if (!pool_open(settings, &opened->pool, err)) {
		free(opened);
		return false;
	}
	*db = opened;
	return true;
}

void db_close(struct db **db)
{
	if (!*db)
		return;
	pool_close(&(*db)->pool);
	free(*db);
	*db = NULL;
}

static bool in_class(const char *state, const char *const *classes)
{
	while (*classes && strncmp(state, *classes, 2) != 0)
		classes++;
	return *classes;
}

/* Why the server refused; `state` is its SQLSTATE. */
static bool refused(const struct query *query, const PGresult *result, struct error *err)
{
	/* Connection, transaction rolled back (a standby drops a query that is in the way of its
	 * replay), out of resources, a limit or a lock, operator intervention (our
	 * statement_timeout): all of them pass, so it is worth asking again. */
	static const char *const passing[] = {"08", "40", "53", "55", "57", NULL};
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

	if (!state || !message)
		return error_set(err, ERROR_INTERNAL, "%s: %s", query->name,
				 PQresultErrorMessage(result));
	/* What the server says about it quotes our SQL, which is no business of the client. */
	if (strncmp(state, "22", 2) == 0)
		return error_set(err, ERROR_BAD_REQUEST,
				 "A value does not have the form that it must have here.");
	return error_set(err, in_class(state, passing) ? ERROR_UNAVAILABLE : ERROR_INTERNAL,
			 "%s: %s (SQLSTATE %s)", query->name, message, state);
}

/* The outcome of one attempt as rows or an error; takes the result over. */
static bool conclude(const struct query *query, enum outcome outcome, PGresult **result,
		     struct rows *rows, struct error *err)
{
	if (outcome == OUTCOME_LOST)
		return error_set(err, ERROR_UNAVAILABLE, "%s: the connection was lost.",
				 query->name);
	if (outcome == OUTCOME_LATE || outcome == OUTCOME_SILENT)
		return error_set(err, ERROR_UNAVAILABLE, "%s: no answer in time.", query->name);
	if (PQresultStatus(*result) != PGRES_TUPLES_OK)
		return refused(query, *result, err);
	*rows = (struct rows){.count = (size_t)PQntuples(*result),
			      .columns = (size_t)PQnfields(*result),
			      .result = *result};
	*result = NULL;
	return true;
}

/* Asks once, on whatever connection the pool lends. */
static bool ask_once(struct db *db, const struct query *query, const char *const *values,
		     long timeout, struct deadline deadline, enum outcome *outcome,
		     struct rows *rows, struct error *err)
{
	CLEANUP(connect_clear) PGresult *result = NULL;
	struct deadline wait = deadline_after(db->pool_wait);
	struct connection *connection;

	*outcome = OUTCOME_ANSWERED;
	if (!pool_take(db->pool, deadline_earlier(deadline, wait), &connection, err))
		return false;
	deadline = deadline_earlier(deadline, deadline_after(timeout));
	*outcome = connection_ask(connection, query, values, timeout, deadline, &result);
	pool_give(db->pool, connection, *outcome);
	return conclude(query, *outcome, &result, rows, err);
}

static bool ask(struct db *db, const struct query *query, const char *const *values, long timeout,
		struct deadline deadline, struct rows *rows, struct error *err)
{
	enum outcome outcome;
	struct error first;

	if (ask_once(db, query, values, timeout, deadline, &outcome, rows, &first))
		return true;
	if (outcome != OUTCOME_LOST && outcome != OUTCOME_STALE) {
		*err = first;
		return false;
	}
	return ask_once(db, query, values, timeout, deadline, &outcome, rows, err);
}

bool db_rows(struct db *db, const struct query *query, const char *const *values,
	     struct deadline deadline, struct rows *rows, struct error *err)
{
	return ask(db, query, values, db->query_timeout, deadline, rows, err);
}

bool db_rows_bulk(struct db *db, const struct query *query, const char *const *values,
		  struct deadline deadline, struct rows *rows, struct error *err)
{
	return ask(db, query, values, db->bulk_timeout, deadline, rows, err);
}

void db_doubt(struct db *db)
{
	pool_doubt(db->pool);
}

bool db_answered_within(struct db *db, long milliseconds)
{
	return pool_answered_within(db->pool, milliseconds);
}

bool db_misfits(struct db *db)
{
	return pool_misfits(db->pool);
}

void db_statistics(struct db *db, struct db_statistics *statistics)
{
	pool_statistics(db->pool, statistics);
}
