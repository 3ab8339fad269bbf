/*
 * connection: one connection of the pool, with every query prepared. For the files of this
 * folder.
 */
#pragma once
#include <libpq-fe.h>

#include "base/deadline.h"
#include "base/error.h"
#include "db/db.h"

enum { CONNECTION_LATE = 64 };

struct connection {
	PGconn *pg;
	const struct db_settings *settings;
	unsigned generation; /* the pool's, when it was made */
	int alarm;	     /* a descriptor that ends every wait for an answer when readable */
	bool second_best;    /* a standby was preferred, but none was there */
	struct deadline due; /* when another should take its place */
	struct timespec answered; /* CLOCK_MONOTONIC, when it last did; all-zero: never */
	struct connection *next;  /* in the pool's list of idle ones */
	const struct query *late[CONNECTION_LATE]; /* those that it has prepared */
	size_t late_count;
};

enum outcome {
	OUTCOME_ANSWERED, /* there is a result, maybe an error of the query */
	OUTCOME_STALE,	  /* there is an error, since the prepared queries no longer fit */
	OUTCOME_LOST,	  /* the connection ended */
	OUTCOME_LATE,	  /* no answer by a deadline that the caller made short */
	OUTCOME_SILENT	  /* no answer, though the server's own limit had passed */
};

/* Connects, makes the settings and prepares all queries, by the deadline or until `interrupt`
 * becomes readable. `turn`: as in connect.h. *misfit is set when the server refused a query.
 * `settings` must outlive the connection, which belongs to the caller. */
MUST_CHECK bool connection_open(const struct db_settings *settings, unsigned turn,
				struct deadline deadline, int interrupt,
				struct connection **connection, bool *misfit, struct error *err);
void connection_close(struct connection **connection);

/* False when the other side has closed it while it was idle. */
bool connection_alive(struct connection *connection);

/* Runs a query that may take `timeout` milliseconds, and never goes beyond the deadline. The
 * server ends it a little before by itself. *result is NULL or the caller's (PQclear). Only after
 * OUTCOME_ANSWERED may the connection be used again. */
enum outcome connection_ask(struct connection *connection, const struct query *query,
			    const char *const *values, long timeout, struct deadline deadline,
			    PGresult **result);
