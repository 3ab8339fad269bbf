/*
 * db: prepared queries on pooled PostgreSQL connections, each with a deadline.
 *
 * The queries of the settings are prepared when a connection is made, so a typo or a missing
 * column fails at start; those that are `late`, a connection prepares when it first gets them, up
 * to a maximum, beyond which they go as text. No connection belongs to a thread; whoever waits
 * longest gets the next one.
 *
 * After a failed connect or two expired deadlines in a row the database counts as down: db_rows
 * fails at once, also where it was waiting already, and one thread tries to connect four times a
 * second until it can. A connect counts as failed when it takes longer than pool_wait. A failed
 * connect proves nothing while other connections are open (a server may have no more to give), nor
 * does a deadline that was too short for the server's own limit, a tenth below query_timeout, to
 * end the query.
 *
 * With `unprepared` a query is sent as text each time, and nothing is set on a connection,
 * which somebody else may have next: the role must bring the settings along, and what it lacks is
 * logged.
 *
 * A query in bulk has a longer limit of its own, which is set on the server for it alone.
 *
 * A query past its deadline is not cancelled by PQcancel, which connects again and knows no
 * deadline: its connection is closed, and the server, told to look every quarter of a second
 * whether its client is still there (client_connection_check_interval), ends the query. So for
 * that long it may have more connections than the pool.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/deadline.h"
#include "base/error.h"
#include "db/rows.h"

struct db;

struct query {
	const char *name, *text;
	size_t parameters; /* their number; all are sent as text */
	bool late;	   /* not in db_settings.queries: prepared when it is first asked for */
};

struct db_settings {
	const char *url;
	bool standby; /* of several hosts, those that are standbys are preferred */
	long pool, pool_wait, query_timeout, bulk_timeout; /* as in struct config */
	bool unprepared; /* for a pooler that lends a connection for one transaction alone */
	long age;	 /* seconds after which a connection is replaced; 0: never */
	const struct query *const *queries; /* ends with a null pointer; outlives the db */
};

/* Starts the pool and begins to connect. That the database is away is not an error here: db_rows
 * says so. Fails with ERROR_BAD_REQUEST when the URL is not well-formed. */
MUST_CHECK bool db_open(const struct db_settings *settings, struct db **db, struct error *err);

/* To be called when no db_rows is running. */
void db_close(struct db **db);

/* Runs a prepared query. values[i] may be NULL for SQL NULL. On success *rows belongs to the
 * caller (rows_free); no row is success with count 0. Fails with ERROR_UNAVAILABLE when no
 * connection or no answer comes before the deadline, ERROR_BAD_REQUEST when a value does not fit
 * its type (SQLSTATE class 22), else ERROR_INTERNAL. A connection that is lost under way, or whose
 * prepared queries no longer fit, is replaced and the query sent once more: the pool is for
 * reading (default_transaction_read_only). */
MUST_CHECK bool db_rows(struct db *db, const struct query *query, const char *const *values,
			struct deadline deadline, struct rows *rows, struct error *err);

/* The same for a query that reads whole lists and so may take bulk_timeout. */
MUST_CHECK bool db_rows_bulk(struct db *db, const struct query *query, const char *const *values,
			     struct deadline deadline, struct rows *rows, struct error *err);

/* What the pool does; the members of the second line only grow. */
struct db_statistics {
	uint64_t size, open, idle, waiting; /* connections at most, now, not lent; who waits */
	uint64_t waits, waits_expired, waited_microseconds, connects, connects_failed;
	uint64_t down; /* 1 while it counts as down, else 0 */
};

void db_statistics(struct db *db, struct db_statistics *statistics);

/* Tells that another connection to this database waited a second in vain for an answer. This counts
 * as an expired deadline, and as two when no query here got an answer lately while some were asked.
 */
void db_doubt(struct db *db);

/* True when the database answered within the last `milliseconds`. */
bool db_answered_within(struct db *db, long milliseconds);

/* True when the database counts as down since it refused to prepare a query: it can be reached,
 * but its schema is not the one that this program needs. */
bool db_misfits(struct db *db);
