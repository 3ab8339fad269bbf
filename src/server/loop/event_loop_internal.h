/*
 * event_loop_internal: what event_loop.c and http1_connection.c share.
 */
#pragma once
#include "base/deadline.h"
#include "server/connection/connection_table.h"
#include "server/loop/event_loop_shared.h"
#include "server/loop/request_head.h"
#include "server/work/completion_queue.h"

#include <stdatomic.h>

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
};
