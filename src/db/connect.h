/*
 * connect: libpq connections, results and waits that end by a deadline. For the files of this
 * folder.
 */
#pragma once
#include <libpq-fe.h>

#include "base/deadline.h"
#include "base/error.h"

/* Fails with ERROR_BAD_REQUEST when url is not a connection string, or names another number of
 * ports or addresses than of hosts. */
MUST_CHECK bool connect_url_valid(const char *url, struct error *err);

struct connect_options {
	const char *url;
	bool standby;	  /* prefer-standby, unless url has target_session_attrs */
	unsigned turn;	  /* the host to begin with when standbys are preferred */
	const char *name; /* application_name, unless url has one */
	struct deadline deadline;
	int interrupt;		  /* a descriptor that ends the wait when readable, or -1 */
	PQnoticeReceiver receive; /* receives notices of the server, now and later */
	void *context;
};

/* Connects to the first host of url that fits. Of several hosts, each gets an equal share of the
 * time, and one share is left over. *pg belongs to the caller (PQfinish). *second_best, unless
 * NULL: a standby was preferred, but none was there. Fails with ERROR_UNAVAILABLE.
 *
 * The system's resolver has no deadline: call it where a longer wait blocks no request. */
MUST_CHECK bool connect_open(const struct connect_options *options, PGconn **pg, bool *second_best,
			     struct error *err);

/* Waits until pg's socket has one of the events (POLLIN, POLLOUT); false at the deadline or when
 * interrupted. */
bool connect_wait(const PGconn *pg, short events, struct deadline deadline, int interrupt);

/* Writes what went wrong on this connection: libpq's text as one line, cut to fit, without its
 * hints. */
void connect_failure(const PGconn *pg, char *text, size_t size);

enum query_outcome {
	QUERY_COMPLETED, /* there is a result, maybe an error of the query */
	QUERY_STALE,	 /* there is an error, since the prepared query no longer fits */
	QUERY_LOST,	 /* the connection ended */
	QUERY_LATE,	 /* no result by a deadline shorter than the server's own limit */
	QUERY_HUNG	 /* no result, although the server's own limit has passed */
};

/* Waits for one result, which the caller clears, and the end of its query. Ends early when
 * `interrupt` (-1: nothing) becomes readable. */
enum query_outcome connect_result(PGconn *pg, struct deadline deadline, int interrupt,
				  PGresult **result);

/* Waits for the end of a pipeline, after the results of all its queries. */
enum query_outcome connect_synchronise(PGconn *pg, struct deadline deadline, int interrupt);

bool connect_succeeded(const PGresult *result);

/* What the error in a result means for the connection. */
enum query_outcome connect_judge(const PGconn *pg, const PGresult *result);

/* For CLEANUP. */
void connect_clear(PGresult **result);
