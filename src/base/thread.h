/*
 * thread: threads with a bounded stack, and condition variables on the monotonic clock.
 */
#pragma once
#include <pthread.h>

#include "base/deadline.h"
#include "base/error.h"

enum { THREAD_STACK_BYTES = 512 * 1024 };

/* Starts a thread. The kernel shows the first 15 bytes of `name`, for example in top -H. Fails with
 * ERROR_INTERNAL when the system has no thread to spare. */
MUST_CHECK bool thread_start(pthread_t *thread, const char *name, void *(*routine)(void *context),
			     void *context, struct error *err);

/* Waits for the end of a thread; false when the deadline came first. Then the thread continues,
 * detached, and what it uses must stay valid until the process ends. */
MUST_CHECK bool thread_join(pthread_t thread, struct deadline deadline);

/* Sets up a condition variable for thread_wait; pthread_cond_destroy ends it. */
void thread_condition_init(pthread_cond_t *condition);

/* Waits, with the lock held, until the condition is signalled; false when the deadline came first.
 * As with any condition, the caller checks again what it waits for. */
bool thread_wait(pthread_cond_t *condition, pthread_mutex_t *lock, struct deadline deadline);
