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

struct loop {
	const struct loop_terms *terms;
	pthread_t thread;
	int events, wake; /* epoll, eventfd */
	bool started;
	atomic_int open; /* connections */
	atomic_bool ending;
	pthread_mutex_t lock;
	struct errand *back; /* guarded by the lock */

	/* For the thread alone. */
	time_t complained; /* when descriptors ran out */
	struct log_lines lines;
	struct incoming incoming;
	struct outgoing outgoing;
	char bytes[PLAIN_LONGEST];
};

/* Something arrived or went out on a connection; `events` are epoll's. */
void loop_event(struct loop *loop, struct connection *connection, uint32_t events);

/* A worker has answered. */
void loop_come_back(struct loop *loop, struct errand *errand);

/* Closes it. */
void loop_end_connection(struct loop *loop, struct connection *connection);
