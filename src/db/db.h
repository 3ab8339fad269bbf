/*
 * db: prepared queries on pooled PostgreSQL connections, each with a deadline. For writes, see
 * db/transaction.h.
 *
 * A connection prepares a query when it first runs it, and deallocates the least recently used one
 * when it has STATEMENT_CACHE_SIZE. The first connection checks all queries of the settings, so a
 * typo or a missing column shows at start. Connections are not bound to threads; waiters are served
 * first come, first served.
 *
 * After a failed connect or two expired deadlines in a row the database counts as down: db_rows
 * fails at once, also where it was waiting already, and one thread tries to connect four times a
 * second until it can. A connect counts as failed when it takes longer than pool_wait. A failed
 * connect proves nothing while other connections are open (a server may be full), nor does a
 * deadline that was too short for the server's own limit, a tenth below query_timeout, to end the
 * query.
 *
 * With `unprepared` a query is sent as text each time, and nothing is set on a connection, which
 * another client may have next: the role must have the settings, and what it lacks is logged.
 *
 * A bulk query has a longer limit, which is set on the server for it alone.
 *
 * A query past its deadline is not cancelled by PQcancel, which connects again and knows no
 * deadline: its connection is closed, and the server, which is set to look every quarter of a
 * second whether its client is still there (client_connection_check_interval), ends the query. So
 * for that long it may have more connections than the pool.
 */
#pragma once
#include "base/deadline.h"
#include "base/error.h"
#include "db/db_settings.h"
#include "db/rows.h"

struct db;

/* Starts the pool and begins to connect. A database that cannot be reached is not an error here,
 * but of db_rows. Fails with ERROR_BAD_REQUEST when the URL is not well-formed. */
MUST_CHECK bool db_open(const struct db_settings *settings, struct db **db, struct error *err);

/* Ends every wait: from now on each db_rows fails at once with ERROR_UNAVAILABLE. */
void db_interrupt(struct db *db);

/* Interrupts and closes, within a second. No db_rows is running. */
void db_close(struct db **db);

/* Runs a query. values[i] may be NULL for SQL NULL. On success *rows belongs to the caller
 * (rows_free); no row is success with count 0. Fails with ERROR_UNAVAILABLE when no connection or
 * no result comes before the deadline or the schema or rights do not fit, ERROR_BAD_REQUEST when a
 * value does not fit its type (SQLSTATE class 22), else ERROR_INTERNAL. When the connection is lost
 * or its prepared query no longer fits, the query is sent once more on another one: the pool only
 * reads (default_transaction_read_only). */
MUST_CHECK bool db_rows(struct db *db, const struct query *query, const char *const *values,
			struct deadline deadline, struct rows *rows, struct error *err);

/* The same for a query that reads whole lists and so may take bulk_timeout. */
MUST_CHECK bool db_rows_bulk(struct db *db, const struct query *query, const char *const *values,
			     struct deadline deadline, struct rows *rows, struct error *err);

/* Fills in the state of the pool. */
void db_statistics(struct db *db, struct db_statistics *statistics);

/* Reports that another connection to this database got no response within a second. This counts as
 * an expired deadline, and as two when no query got a response recently while some were running.
 */
void db_doubt(struct db *db);

/* False when the last check, or a query since, lacked a table, column or function. */
bool db_schema_fits(struct db *db);

/* Unless the schema fits, checks all queries again, at most once a second. Fails with
 * ERROR_UNAVAILABLE when it does not fit, or no connection comes by the deadline. */
MUST_CHECK bool db_check(struct db *db, struct deadline deadline, struct error *err);
