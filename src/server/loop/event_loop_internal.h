/*
 * loop_parts: what the files of a loop share. For them alone.
 */
#pragma once
#include "base/log.h"
#include "server/work/request_task.h"
#include "server/loop/event_loop.h"
#include "server/loop/request_head.h"

#include <pthread.h>
#include <stdatomic.h>

struct event_loop {
	const struct event_loop_shared *terms;
	pthread_t thread;
	int events, wake; /* epoll, eventfd */
	bool started;
	atomic_int open; /* connections */
	atomic_bool ending;
	pthread_mutex_t lock;
	struct request_task *back; /* guarded by the lock */

	/* For the thread alone. */
	time_t complained; /* when descriptors ran out */
	struct raw_request incoming;
	struct response_writer outgoing;
	char bytes[PLAIN_LONGEST];
};

/* Something arrived or went out on a connection; `events` are epoll's. */
void http1_connection_event(struct event_loop *loop, struct client_connection *connection,
			    uint32_t events);

/* A worker has answered. */
void http1_connection_resume(struct event_loop *loop, struct request_task *errand);

/* Closes it. */
void http1_connection_close(struct event_loop *loop, struct client_connection *connection);
