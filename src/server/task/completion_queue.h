/*
 * completion_queue: finished work on its way back to an event loop.
 *
 * Any thread pushes; the loop waits for the descriptor to become readable and takes all.
 */
#pragma once
#include <pthread.h>

#include "base/error.h"
#include "server/task/thread_pool.h"

struct completion_queue {
	int wakeup; /* readable while something is in the queue; -1 when closed */
	pthread_mutex_t lock;
	struct thread_pool_task *first; /* guarded by the lock */
};

MUST_CHECK bool completion_queue_open(struct completion_queue *queue, struct error *err);

/* The queue is empty. */
void completion_queue_close(struct completion_queue *queue);

/* Adds a performed task. The loop completes those that it takes together in no particular order. */
void completion_queue_push(struct completion_queue *queue, struct thread_pool_task *task);

/* Makes the descriptor readable without a task. */
void completion_queue_wake(struct completion_queue *queue);

/* Takes all, a list by `next`; NULL when there is none. */
struct thread_pool_task *completion_queue_take(struct completion_queue *queue);
