/*
 * queue: those who wait for a connection, served in the order in which they came. For pool.c,
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

/* Waits until the turn has come, giving up the lock meanwhile. False when the deadline came first.
 * *connection is what wait_queue_serve gave, maybe NULL. */
bool wait_queue_wait(struct wait_queue *queue, pthread_mutex_t *lock, struct deadline deadline,
		     struct connection **connection);

/* Serves the one who came first; NULL tells that there will be none. The queue is not empty. */
void wait_queue_serve(struct wait_queue *queue, struct connection *connection);

/* A condition whose waits end by a struct deadline. */
void wait_queue_condition(pthread_cond_t *condition);
