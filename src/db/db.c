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

void db_interrupt(struct db *db)
{
	pool_interrupt(db->pool);
}

static bool is_listed(const char *state, size_t length, const char *const *list)
{
	while (*list && strncmp(state, *list, length) != 0)
		list++;
	return *list;
}

/* Fails with the kind that the server's SQLSTATE means. */
static bool query_failed(struct db *db, const struct query *query, const PGresult *result,
			 struct error *err)
{
	/* Connection, transaction rolled back (a standby cancels a query that conflicts with its
	 * replay), out of resources, a limit or a lock, operator intervention (our
	 * statement_timeout): all of them pass, so the client should try again. */
	static const char *const passing[] = {"08", "40", "53", "55", "57", NULL};
	/* Undefined table, column, function and object, invalid schema name. */
	static const char *const missing[] = {"42P01", "42703", "42883", "42704", "3F000", NULL};
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	bool misfit;

	if (!state || !message)
		return error_set(err, ERROR_INTERNAL, "%s: %s", query->name,
				 PQresultErrorMessage(result));
	/* The server's message quotes our SQL, which clients must not see. */
	if (strncmp(state, "22", 2) == 0)
		return error_set(err, ERROR_BAD_REQUEST,
				 "A value does not have the form that it must have here.");
	misfit = is_listed(state, 5, missing);
	/* 42501: the role lacks a right, which the operator must grant. */
	error_set(err,
		  misfit || strcmp(state, "42501") == 0 || is_listed(state, 2, passing)
			  ? ERROR_UNAVAILABLE
			  : ERROR_INTERNAL,
		  "%s: %s (SQLSTATE %s)", query->name, message, state);
	if (misfit)
		pool_note_schema(db->pool, false, err);
	return false;
}

/* Turns the outcome of one attempt into rows or an error; takes ownership of the result. */
static bool take_rows(struct db *db, const struct query *query, enum query_outcome outcome,
		      PGresult **result, struct rows *rows, struct error *err)
{
	if (outcome == QUERY_LOST)
		return error_set(err, ERROR_UNAVAILABLE, "%s: the connection was lost.",
				 query->name);
	if (outcome == QUERY_LATE || outcome == QUERY_HUNG)
		return error_set(err, ERROR_UNAVAILABLE, "%s: no response in time.", query->name);
	if (PQresultStatus(*result) != PGRES_TUPLES_OK)
		return query_failed(db, query, *result, err);
	*rows = (struct rows){.count = (size_t)PQntuples(*result),
			      .columns = (size_t)PQnfields(*result),
			      .result = *result};
	*result = NULL;
	return true;
}

static bool query_once(struct db *db, const struct query *query, const char *const *values,
		       long timeout, struct deadline deadline, enum query_outcome *outcome,
		       struct rows *rows, struct error *err)
{
	CLEANUP(connect_clear) PGresult *result = NULL;
	struct deadline wait = deadline_after(db->pool_wait);
	struct connection *connection;

	*outcome = QUERY_COMPLETED;
	if (!pool_take(db->pool, deadline_earlier(deadline, wait), &connection, err))
		return false;
	deadline = deadline_earlier(deadline, deadline_after(timeout));
	*outcome = connection_query(connection, query, values, timeout, deadline, &result);
	pool_give(db->pool, connection, *outcome);
	return take_rows(db, query, *outcome, &result, rows, err);
}

static bool query_with_retry(struct db *db, const struct query *query, const char *const *values,
			     long timeout, struct deadline deadline, struct rows *rows,
			     struct error *err)
{
	enum query_outcome outcome;
	struct error first;

	if (query_once(db, query, values, timeout, deadline, &outcome, rows, &first))
		return true;
	if (outcome != QUERY_LOST && outcome != QUERY_STALE) {
		*err = first;
		return false;
	}
	return query_once(db, query, values, timeout, deadline, &outcome, rows, err);
}

bool db_rows(struct db *db, const struct query *query, const char *const *values,
	     struct deadline deadline, struct rows *rows, struct error *err)
{
	return query_with_retry(db, query, values, db->query_timeout, deadline, rows, err);
}

bool db_rows_bulk(struct db *db, const struct query *query, const char *const *values,
		  struct deadline deadline, struct rows *rows, struct error *err)
{
	return query_with_retry(db, query, values, db->bulk_timeout, deadline, rows, err);
}

void db_doubt(struct db *db)
{
	pool_doubt(db->pool);
}

bool db_responded_within(struct db *db, long milliseconds)
{
	return pool_responded_within(db->pool, milliseconds);
}

bool db_schema_fits(struct db *db)
{
	return pool_schema_fits(db->pool);
}

bool db_check(struct db *db, struct deadline deadline, struct error *err)
{
	return pool_check(db->pool, deadline, err);
}

void db_statistics(struct db *db, struct db_statistics *statistics)
{
	pool_statistics(db->pool, statistics);
}
