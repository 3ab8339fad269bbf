#include "db/transaction.h"

#include "base/cleanup.h"
#include "db/connect.h"
#include "db/pool.h"

#include <string.h>

#include "base/banned.h"

static const struct query begin = {"begin", "BEGIN", 0};
static const struct query commit = {"commit", "COMMIT", 0};
static const struct query rollback = {"rollback", "ROLLBACK", 0};

static void return_connection(struct transaction *transaction, enum query_outcome outcome)
{
	pool_return(transaction->db, transaction->connection, outcome);
	transaction->connection = NULL;
}

/* Runs a query; a connection that cannot be used again goes back to the pool, which closes it, and
 * so the server rolls back. */
static enum query_outcome run_query(struct transaction *transaction, const struct query *query,
				    const char *const *values, PGresult **result)
{
	long timeout = transaction->db->settings.query_timeout;
	struct deadline deadline = deadline_earlier(transaction->deadline, deadline_after(timeout));
	enum query_outcome outcome =
		connection_query(transaction->connection, query, values, timeout, deadline, result);

	if (outcome != QUERY_COMPLETED)
		return_connection(transaction, outcome);
	return outcome;
}

static bool has_ended(const struct transaction *transaction, struct error *err)
{
	return !transaction->connection &&
	       !error_set(err, ERROR_UNAVAILABLE, "The transaction has lost its connection.");
}

bool transaction_query(struct transaction *transaction, const struct query *query,
		       const char *const *values, struct rows *rows, struct error *err)
{
	CLEANUP(connect_clear) PGresult *result = NULL;
	enum query_outcome outcome;

	if (has_ended(transaction, err))
		return false;
	outcome = run_query(transaction, query, values, &result);
	if (outcome == QUERY_STALE)
		return error_set(err, ERROR_UNAVAILABLE, "%s: the schema has changed.",
				 query->name);
	return pool_take_rows(transaction->db, query, outcome, &result, rows, err);
}

bool transaction_begin(struct db *db, struct deadline deadline, struct transaction *transaction,
		       struct error *err)
{
	struct deadline wait = deadline_after(db->settings.pool_wait);

	*transaction = (struct transaction){.db = db, .deadline = deadline};
	/* Twice, since the server may have closed idle connections. BEGIN has no effect before. */
	for (int attempt = 0; attempt < 2 && !transaction->connection; attempt++) {
		CLEANUP(rows_free) struct rows none = {0};

		if (!pool_take(db, deadline_earlier(deadline, wait), &transaction->connection, err))
			return false;
		if (transaction_query(transaction, &begin, NULL, &none, err))
			return true;
	}
	return false;
}

bool transaction_commit(struct transaction *transaction, struct error *err)
{
	CLEANUP(connect_clear) PGresult *result = NULL;
	CLEANUP(rows_free) struct rows none = {0};
	enum query_outcome outcome;
	bool committed;

	if (has_ended(transaction, err))
		return false;
	outcome = run_query(transaction, &commit, NULL, &result);
	/* The server accepts COMMIT after a failed query too, and rolls back. */
	committed = outcome == QUERY_COMPLETED && strcmp(PQcmdStatus(result), "COMMIT") == 0;
	if (!pool_take_rows(transaction->db, &commit, outcome, &result, &none, err))
		return false;
	return_connection(transaction, outcome);
	return committed || error_set(err, ERROR_INTERNAL, "A query of the transaction failed.");
}

void transaction_end(struct transaction *transaction)
{
	CLEANUP(connect_clear) PGresult *result = NULL;
	enum query_outcome outcome;

	if (!transaction->connection)
		return;
	outcome = run_query(transaction, &rollback, NULL, &result);
	/* Without a rollback the connection cannot be used by others. */
	if (outcome == QUERY_COMPLETED)
		return_connection(transaction, connect_succeeded(result) ? outcome : QUERY_LATE);
}
