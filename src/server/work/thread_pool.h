/*
 * workers: threads for what may have to wait.
 *
 * There are as many as have work at the same time, so that nothing waits behind what waits itself;
 * one that had none for a while ends.
 */
#pragma once
#include "base/error.h"

/* Part of what is to be done; the doer frees it. */
struct thread_pool_task {
	void (*run)(struct thread_pool_task *work);
	struct thread_pool_task *next; /* for workers.c */
};

struct thread_pool;

/* At most so many threads. */
MUST_CHECK bool thread_pool_open(long most, struct thread_pool **workers, struct error *err);

/* Has it done by some thread, in the order of asking once all are at work. False when none could be
 * started: it was not done. */
MUST_CHECK bool thread_pool_submit(struct thread_pool *workers, struct thread_pool_task *work);

/* Waits until all that was asked for is done. */
void thread_pool_close(struct thread_pool **workers);
