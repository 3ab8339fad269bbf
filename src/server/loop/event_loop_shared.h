/*
 * event_loop_shared: what all event loops of a server share.
 */
#pragma once

struct connection_table;
struct event_loop;
struct service;
struct thread_pool;
struct ulfius_bridge;

enum { EVENT_LOOPS_MOST = 8 };

/* It outlives the loops. */
struct event_loop_shared {
	struct event_loop *loops[EVENT_LOOPS_MOST]; /* complete before the first one starts */
	int count;
	const struct service *service;
	struct connection_table *connections;
	struct thread_pool *pool;
	struct ulfius_bridge *bridge; /* NULL: requests with a body are refused */
	int listener;		      /* does not block */
};
