#include "api/read/concurrency_limit.h"

#include "base/thread.h"

#include <stdlib.h>

#include "base/banned.h"

struct concurrency_limit {
	pthread_mutex_t lock;
	pthread_cond_t left;
	size_t free;
};

struct concurrency_limit *concurrency_limit_open(size_t places)
{
	struct concurrency_limit *gate = calloc(1, sizeof *gate);

	if (!gate)
		return NULL;
	gate->free = places;
	pthread_mutex_init(&gate->lock, NULL);
	thread_condition_init(&gate->left);
	return gate;
}

void concurrency_limit_close(struct concurrency_limit **gate)
{
	if (!*gate)
		return;
	pthread_cond_destroy(&(*gate)->left);
	pthread_mutex_destroy(&(*gate)->lock);
	free(*gate);
	*gate = NULL;
}

bool concurrency_limit_enter(struct concurrency_limit *gate, struct deadline deadline,
			     struct error *err)
{
	bool late = false, entered;

	pthread_mutex_lock(&gate->lock);
	while (gate->free == 0 && !late)
		late = !thread_wait(&gate->left, &gate->lock, deadline);
	entered = gate->free > 0;
	gate->free -= entered;
	pthread_mutex_unlock(&gate->lock);
	return entered ||
	       error_set(err, ERROR_UNAVAILABLE, "Others were first until the deadline.");
}

void concurrency_limit_leave(struct concurrency_limit *gate)
{
	pthread_mutex_lock(&gate->lock);
	gate->free++;
	pthread_cond_signal(&gate->left);
	pthread_mutex_unlock(&gate->lock);
}
