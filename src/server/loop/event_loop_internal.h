/*
 * event_loop_internal: the state of event loops, only for the files of this folder and for
 * server.c.
 */
#pragma once
#include "base/deadline.h"
#include "server/connection/connection_table.h"
#include "server/loop/request_head.h"
#include "server/task/completion_queue.h"

#include <stdatomic.h>

struct service;
struct thread_pool;
struct ulfius_bridge;

enum { EVENT_LOOPS_MOST = 8 };

/* What all loops of a server share; outlives them. */
struct event_loop_shared {
	struct event_loop *loops[EVENT_LOOPS_MOST]; /* complete before the first one starts */
	int count;
	const struct service *service;
	struct connection_table *connections;
	struct thread_pool *pool;
	struct ulfius_bridge *bridge; /* NULL: requests with a body are refused */
	int listener;		      /* does not block */
};

struct event_loop {
	const struct event_loop_shared *shared;
	pthread_t thread;
	int epoll;
	bool started;
	atomic_int open; /* connections */
	atomic_bool accepting, ending;
	struct completion_queue completions;

	/* For the thread alone. */
	bool listening;		/* the listener is in epoll */
	struct deadline resume; /* when to listen again, while `listening` is false */
	time_t reported;	/* when a shortage was logged last */
	struct raw_request request;
	struct response_writer writer;
	char bytes[REQUEST_HEAD_LONGEST];
	char copy[REQUEST_HEAD_LONGEST]; /* of an incomplete head */
};
