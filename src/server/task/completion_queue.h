/*
 * completion_queue: finished work on its way back to an event loop.
 *
 * Any thread pushes; the loop waits for the descriptor to become readable and takes all.
 */
#pragma once
#include <pthread.h>

#include "base/error.h"

struct event_loop;

/* The first member of what is pushed. */
struct completion {
	struct completion *next; /* for completion_queue.c */
	/* Called by the loop thread; takes ownership. */
	void (*complete)(struct completion *completion, struct event_loop *loop);
	/* Called instead when the loop has ended; takes ownership. */
	void (*discard)(struct completion *completion);
};

struct completion_queue {
	int wakeup; /* readable while something is in the queue; -1 when closed */
	pthread_mutex_t lock;
	struct completion *first; /* guarded by the lock */
};

MUST_CHECK bool completion_queue_open(struct completion_queue *queue, struct error *err);

/* Discards the completions in it. */
void completion_queue_close(struct completion_queue *queue);

/* Adds a completion. The loop completes those that it takes together in no particular order. */
void completion_queue_push(struct completion_queue *queue, struct completion *completion);

/* Makes the descriptor readable without a completion. */
void completion_queue_wake(struct completion_queue *queue);

/* Takes all; NULL when there is none. */
struct completion *completion_queue_take(struct completion_queue *queue);
