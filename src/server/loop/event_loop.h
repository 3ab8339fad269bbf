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

struct client_connection;
struct connection_table;
struct request_task;
struct service;
struct thread_pool;

enum { LOOPS_MOST = 8 };

struct event_loop;

/* What all loops of a server share; it outlives them. */
struct event_loop_shared {
	struct event_loop *loops[LOOPS_MOST]; /* themselves, all before the first one starts */
	int count;
	const struct service *service;
	struct connection_table *connections;
	struct thread_pool *workers;
	int listener; /* does not block */
	/* Takes a connection over; false: it could not, and the connection is still the caller's.
	 */
	bool (*hand_over)(void *context, struct client_connection *connection);
	void *context;
};

/* Makes one, which event_loop_start sets going. */
MUST_CHECK bool event_loop_open(const struct event_loop_shared *terms, struct event_loop **loop,
				struct error *err);
MUST_CHECK bool event_loop_start(struct event_loop *loop, struct error *err);

/* Takes no further connections. */
void event_loop_stop_accepting(struct event_loop *loop);

/* Gives a loop back what a worker did for it; from any thread. */
void event_loop_take_back(struct event_loop *loop, struct request_task *errand);

/* Ends the thread. Its connections stay open; no worker may work for it any more. */
void event_loop_stop(struct event_loop *loop);

void event_loop_close(struct event_loop **loop);
