/*
 * connect: libpq connections and waits that end by a deadline. For the files of this folder.
 */
#pragma once
#include <libpq-fe.h>

#include "base/deadline.h"
#include "base/error.h"

/* Fails with ERROR_BAD_REQUEST when url is no connection string. */
MUST_CHECK bool connect_url_valid(const char *url, struct error *err);

struct connect_options {
	const char *url;
	bool standby;	  /* prefer-standby, unless url has target_session_attrs */
	unsigned turn;	  /* with which host to begin when standbys are preferred */
	const char *name; /* application_name, unless url has one */
	struct deadline deadline;
	int interrupt;		  /* a descriptor that ends the wait when readable, or -1 */
	PQnoticeReceiver receive; /* what the server says on the side, now and later */
	void *context;
};

/* Connects by the deadline, to the first host of url that will do; of several, each gets an equal
 * part of the time, and one is left over. *pg belongs to the caller (PQfinish). *second_best,
 * unless NULL: a standby was preferred, but none was there. Fails with ERROR_UNAVAILABLE. */
MUST_CHECK bool connect_open(const struct connect_options *options, PGconn **pg, bool *second_best,
			     struct error *err);

/* Waits until pg's socket has one of the events (POLLIN, POLLOUT); false at the deadline or when
 * interrupted. */
bool connect_wait(const PGconn *pg, short events, struct deadline deadline, int interrupt);

/* What went wrong on this connection: libpq's text as one line, cut to fit, without its guesses. */
void connect_complaint(const PGconn *pg, char *text, size_t size);

/* For CLEANUP. */
void connect_clear(PGresult **result);
