/*
 * transaction: several queries that take effect together or not at all.
 *
 * Open a `struct db` for it, with a role that may write and db_settings.writable. Nothing is sent
 * twice: after a failure the caller may begin again.
 *
 *	CLEANUP(transaction_end) struct transaction transaction = {0};
 *
 *	return transaction_begin(db, deadline, &transaction, err) &&
 *	       transaction_query(&transaction, &query, values, &rows, err) &&
 *	       transaction_commit(&transaction, err);
 */
#pragma once
#include "db/db.h"

struct connection;

/* All-zero is none. A connection belongs to it until it ends. */
struct transaction {
	struct db *db;
	struct connection *connection;
	struct deadline deadline;
};

/* Begins a transaction whose queries all end by the deadline. Fails as db_rows. */
MUST_CHECK bool transaction_begin(struct db *db, struct deadline deadline,
				  struct transaction *transaction, struct error *err);

/* Runs a query. *rows belongs to the caller; a query that returns no rows is success with count 0.
 * Fails as db_rows; then the transaction can only end. */
MUST_CHECK bool transaction_query(struct transaction *transaction, const struct query *query,
				  const char *const *values, struct rows *rows, struct error *err);

/* Commits and ends it. Fails with ERROR_INTERNAL when a query before had failed. When it fails
 * with ERROR_UNAVAILABLE, the server may have committed nevertheless. */
MUST_CHECK bool transaction_commit(struct transaction *transaction, struct error *err);

/* Rolls back, unless it was committed. For CLEANUP. */
void transaction_end(struct transaction *transaction);
