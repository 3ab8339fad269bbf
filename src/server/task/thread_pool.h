/*
 * thread_pool: a bounded number of threads with a bounded queue, for work that may block.
 *
 * A thread is started when work arrives while all others are busy, and lives as long as the pool.
 * The thread that became idle last gets the next task, because its memory is most likely cached.
 */
#pragma once
#include "base/deadline.h"
#include "base/error.h"

/* The first member of what is to be done. */
struct thread_pool_task {
	void (*perform)(struct thread_pool_task *task); /* takes ownership */
	struct thread_pool_task *next; /* for thread_pool.c and completion_queue.c */
};

struct thread_pool;

/* At most `threads` threads, and `queued` tasks that wait for one; both from 1. */
MUST_CHECK bool thread_pool_open(size_t threads, size_t queued, struct thread_pool **pool,
				 struct error *err);

/* Has a thread perform the task; tasks that have to wait are served first in, first out. Returns
 * false, and the task stays the caller's, when the queue is full or no thread can be started. */
MUST_CHECK bool thread_pool_submit(struct thread_pool *pool, struct thread_pool_task *task);

/* Waits until all tasks are performed. */
void thread_pool_close(struct thread_pool **pool);
