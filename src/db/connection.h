/*
 * connection: one connection of the pool, which prepares a query when it first runs it. For the
 * files of this folder.
 */
#pragma once
#include "base/deadline.h"
#include "base/error.h"
#include "db/db_settings.h"
#include "db/connect.h"
#include "db/statement_cache.h"

struct connection {
	PGconn *pg;
	const struct db_settings *settings;
	unsigned generation;	 /* the pool's, when it was made */
	int alarm;		 /* a descriptor that ends every wait for a result when readable */
	bool second_best;	 /* a standby was preferred, but none was there */
	struct deadline due;	 /* when a new connection should replace it */
	struct connection *next; /* in the pool's list of idle ones */
	struct statement_cache statements;
};

/* Connects and makes the settings, by the deadline or until `interrupt` becomes readable. `turn`:
 * as in connect.h. `settings` must outlive the connection, which belongs to the caller. Fails with
 * ERROR_UNAVAILABLE. */
MUST_CHECK bool connection_open(const struct db_settings *settings, unsigned turn,
				struct deadline deadline, int interrupt,
				struct connection **connection, struct error *err);
void connection_close(struct connection **connection);

/* Lets the server parse all queries of the settings, so that one that does not fit its schema is
 * found. *fits tells the result; when it is false, `reason` names the first such query. Fails with
 * ERROR_UNAVAILABLE when the connection can only be closed. */
MUST_CHECK bool connection_check(PGconn *pg, const struct db_settings *settings,
				 struct deadline deadline, int interrupt, bool *fits,
				 struct error *reason, struct error *err);

/* Runs a query that may take `timeout` milliseconds, and ends by the deadline. The server ends it a
 * little earlier itself. *result is NULL or the caller's (PQclear). Only after QUERY_COMPLETED may
 * the connection be used again. */
enum query_outcome connection_query(struct connection *connection, const struct query *query,
				    const char *const *values, long timeout,
				    struct deadline deadline, PGresult **result);
