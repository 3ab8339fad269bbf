#include "server/task/thread_pool.h"

#include "base/thread.h"

#include <semaphore.h>
#include <stdlib.h>

#include "base/banned.h"

struct pool_thread {
	struct thread_pool *pool;
	struct pool_thread *next; /* idle one */
	struct thread_pool_task *assigned;
	sem_t wakeup; /* posted after `assigned` was set, or when the pool ends */
	pthread_t thread;
};

struct thread_pool {
	pthread_mutex_t lock; /* guards all below */
	struct pool_thread *idle;
	struct thread_pool_task *first, **last; /* the queue */
	size_t queued, most_queued;
	size_t count, most; /* threads */
	bool ending;
	struct pool_thread threads[];
};

bool thread_pool_open(size_t threads, size_t queued, struct thread_pool **pool, struct error *err)
{
	struct thread_pool *opened = calloc(1, sizeof *opened + threads * sizeof *opened->threads);

	if (!opened)
		return error_out_of_memory(err);
	opened->most = threads;
	opened->most_queued = queued;
	opened->last = &opened->first;
	pthread_mutex_init(&opened->lock, NULL);
	*pool = opened;
	return true;
}

/* Called with the lock held. */
static struct thread_pool_task *take_queued(struct thread_pool *pool)
{
	struct thread_pool_task *task = pool->first;

	if (!task)
		return NULL;
	pool->first = task->next;
	pool->queued--;
	if (!pool->first)
		pool->last = &pool->first;
	return task;
}

/* Called with the lock held, which it releases while it waits. NULL: the pool ends. */
static struct thread_pool_task *await_task(struct pool_thread *self)
{
	struct thread_pool *pool = self->pool;

	if (pool->ending)
		return NULL;
	self->assigned = NULL;
	self->next = pool->idle;
	pool->idle = self;
	pthread_mutex_unlock(&pool->lock);
	while (sem_wait(&self->wakeup) != 0)
		continue;
	pthread_mutex_lock(&pool->lock);
	return self->assigned;
}

static void *perform_tasks(void *context)
{
	struct pool_thread *self = context;
	struct thread_pool *pool = self->pool;
	struct thread_pool_task *task;

	pthread_mutex_lock(&pool->lock);
	while ((task = take_queued(pool)) || (task = await_task(self))) {
		pthread_mutex_unlock(&pool->lock);
		task->perform(task);
		pthread_mutex_lock(&pool->lock);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

/* Called with the lock held. */
static void start_thread(struct thread_pool *pool)
{
	struct pool_thread *started = &pool->threads[pool->count];
	struct error unused;

	started->pool = pool;
	sem_init(&started->wakeup, 0, 0);
	if (thread_start(&started->thread, "worker", perform_tasks, started, &unused))
		pool->count++;
	else
		sem_destroy(&started->wakeup);
}

/* Called with the lock held. */
static bool enqueue(struct thread_pool *pool, struct thread_pool_task *task)
{
	if (pool->count < pool->most)
		start_thread(pool);
	if (pool->count == 0 || pool->queued == pool->most_queued)
		return false;
	task->next = NULL;
	*pool->last = task;
	pool->last = &task->next;
	pool->queued++;
	return true;
}

bool thread_pool_submit(struct thread_pool *pool, struct thread_pool_task *task)
{
	struct pool_thread *idle;
	bool submitted = true;

	pthread_mutex_lock(&pool->lock);
	idle = pool->idle;
	if (idle) {
		pool->idle = idle->next;
		idle->assigned = task;
	} else {
		submitted = enqueue(pool, task);
	}
	pthread_mutex_unlock(&pool->lock);
	/* The thread waits for this before it can end. */
	if (idle)
		sem_post(&idle->wakeup);
	return submitted;
}

void thread_pool_close(struct thread_pool **pool)
{
	struct thread_pool *closing = *pool;

	if (!closing)
		return;
	pthread_mutex_lock(&closing->lock);
	closing->ending = true;
	for (struct pool_thread *idle = closing->idle; idle; idle = idle->next)
		sem_post(&idle->wakeup);
	closing->idle = NULL;
	pthread_mutex_unlock(&closing->lock);
	for (size_t i = 0; i < closing->count; i++) {
		pthread_join(closing->threads[i].thread, NULL);
		sem_destroy(&closing->threads[i].wakeup);
	}
	pthread_mutex_destroy(&closing->lock);
	free(closing);
	*pool = NULL;
}
