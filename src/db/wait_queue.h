/*
 * wait_queue: threads that wait for a connection, served first come, first served. For pool.c,
 * whose lock guards it.
 */
#pragma once
#include <pthread.h>

#include "base/deadline.h"

struct connection;
struct waiter;

/* Set up by wait_queue_init; must not be moved. */
struct wait_queue {
	struct waiter *first, **last;
};

void wait_queue_init(struct wait_queue *queue);

/* Waits until served, releasing the lock meanwhile. False when the deadline came first.
 * *connection is what wait_queue_serve passed, maybe NULL. */
bool wait_queue_wait(struct wait_queue *queue, pthread_mutex_t *lock, struct deadline deadline,
		     struct connection **connection);

/* Serves the first waiter; NULL tells it that there will be no connection. The queue is not empty.
 */
void wait_queue_serve(struct wait_queue *queue, struct connection *connection);
