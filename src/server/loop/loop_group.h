/*
 * loop_group: the event loops of a server, one for each processor, and what they share.
 */
#pragma once
#include "server/loop/event_loop.h"

struct loop_group;

struct loop_group_options {
	const struct service *service;
	struct connection_table *connections;
	struct ulfius_bridge *bridge; /* NULL: requests with a body are refused */
	int listener;		      /* stays the caller's */
	bool single;		      /* one loop is enough */
	long threads;		      /* of the pool for requests that may block */
	long queued;		      /* requests that wait for one */
};

/* Begins to accept connections. */
MUST_CHECK bool loop_group_open(const struct loop_group_options *options, struct loop_group **group,
				struct error *err);

/* Accepts no further connections. */
void loop_group_stop_accepting(struct loop_group *group);

/* Ends the loops, then waits for running requests. Connections stay open. */
void loop_group_stop(struct loop_group *group);

/* Closes all connections. To be called when nothing can complete any more. */
void loop_group_close(struct loop_group **group);
