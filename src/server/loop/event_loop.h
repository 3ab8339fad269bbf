/*
 * loop: a thread that has many connections and never waits for one of them.
 *
 * It reads plain requests (http/plain.h) and answers at once what was answered before
 * (http/fast.h). What may take time it gives to a worker (http/errand.h), what is not plain to the
 * library, connection and all: nothing of a request is taken off its socket before it is known to
 * be plain.
 */
#pragma once
#include "base/error.h"

struct connection;
struct connections;
struct errand;
struct service;
struct workers;

enum { LOOPS_MOST = 8 };

struct loop;

/* What all loops of a server share; it outlives them. */
struct loop_terms {
	struct loop *loops[LOOPS_MOST]; /* themselves, all before the first one starts */
	int count;
	const struct service *service;
	struct connections *connections;
	struct workers *workers;
	int listener; /* does not block */
	/* Takes a connection over; false: it could not, and the connection is still the caller's.
	 */
	bool (*hand_over)(void *context, struct connection *connection);
	void *context;
};

/* Makes one, which loop_start sets going. */
MUST_CHECK bool loop_open(const struct loop_terms *terms, struct loop **loop, struct error *err);
MUST_CHECK bool loop_start(struct loop *loop, struct error *err);

/* Takes no further connections. */
void loop_accept_no_more(struct loop *loop);

/* Gives a loop back what a worker did for it; from any thread. */
void loop_take_back(struct loop *loop, struct errand *errand);

/* Ends the thread. Its connections stay open; no worker may work for it any more. */
void loop_stop(struct loop *loop);

void loop_close(struct loop **loop);
