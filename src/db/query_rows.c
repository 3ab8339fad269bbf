#include "db/query_rows.h"

#include <string.h>

#include "base/banned.h"

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
	bool misfit, passes;

	if (!state || !message)
		return error_set(err, ERROR_INTERNAL, "%s: %s", query->name,
				 PQresultErrorMessage(result));
	/* The server's message quotes our SQL, which clients must not see. */
	if (strncmp(state, "22", 2) == 0)
		return error_set(err, ERROR_BAD_REQUEST,
				 "A value does not have the form that it must have here.");
	misfit = is_listed(state, 5, missing);
	/* 42501: the role lacks a right, which the operator must grant. */
	passes = misfit || strcmp(state, "42501") == 0 || is_listed(state, 2, passing);
	error_set(err, passes ? ERROR_UNAVAILABLE : ERROR_INTERNAL, "%s: %s (SQLSTATE %s)",
		  query->name, message, state);
	if (misfit)
		pool_note_schema(db, false, err);
	return false;
}

bool query_rows_take(struct db *db, const struct query *query, enum query_outcome outcome,
		     PGresult **result, struct rows *rows, struct error *err)
{
	if (outcome == QUERY_LOST)
		return error_set(err, ERROR_UNAVAILABLE, "%s: the connection was lost.",
				 query->name);
	if (outcome == QUERY_LATE || outcome == QUERY_HUNG)
		return error_set(err, ERROR_UNAVAILABLE, "%s: no response in time.", query->name);
	if (!query_result_succeeded(*result))
		return query_failed(db, query, *result, err);
	*rows = (struct rows){.count = (size_t)PQntuples(*result),
			      .columns = (size_t)PQnfields(*result),
			      .result = *result};
	*result = NULL;
	return true;
}
