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
	struct concurrency_limit *limit = calloc(1, sizeof *limit);

	if (!limit)
		return NULL;
	limit->free = places;
	pthread_mutex_init(&limit->lock, NULL);
	thread_condition_init(&limit->left);
	return limit;
}

void concurrency_limit_close(struct concurrency_limit **limit)
{
	if (!*limit)
		return;
	pthread_cond_destroy(&(*limit)->left);
	pthread_mutex_destroy(&(*limit)->lock);
	free(*limit);
	*limit = NULL;
}

bool concurrency_limit_enter(struct concurrency_limit *limit, struct deadline deadline,
			     struct error *err)
{
	bool late = false, entered;

	pthread_mutex_lock(&limit->lock);
	while (limit->free == 0 && !late)
		late = !thread_wait(&limit->left, &limit->lock, deadline);
	entered = limit->free > 0;
	limit->free -= entered;
	pthread_mutex_unlock(&limit->lock);
	return entered ||
	       error_set(err, ERROR_UNAVAILABLE, "Too many requests of this kind are in progress.");
}

void concurrency_limit_leave(struct concurrency_limit *limit)
{
	pthread_mutex_lock(&limit->lock);
	limit->free++;
	pthread_cond_signal(&limit->left);
	pthread_mutex_unlock(&limit->lock);
}
