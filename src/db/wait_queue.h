/*
 * queue: those who wait for a connection, served in the order in which they came. For pool.c,
 * whose lock guards it.
 */
#pragma once
#include <pthread.h>

#include "base/deadline.h"

struct connection;
struct waiter;

/* Set up by queue_init; must not be moved. */
struct queue {
	struct waiter *first, **last;
};

void queue_init(struct queue *queue);

/* Waits until the turn has come, giving up the lock meanwhile. False when the deadline came first.
 * *connection is what queue_serve gave, maybe NULL. */
bool queue_wait(struct queue *queue, pthread_mutex_t *lock, struct deadline deadline,
		struct connection **connection);

/* Serves the one who came first; NULL tells that there will be none. The queue is not empty. */
void queue_serve(struct queue *queue, struct connection *connection);

/* A condition whose waits end by a struct deadline. */
void clock_condition(pthread_cond_t *condition);
