#include "server/work/thread_pool.h"

#include "base/deadline.h"
#include "http/message/limits.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

#include "base/banned.h"

enum { LONGEST_IDLE = 10000 }; /* milliseconds */

/* A thread, on its own stack. The one that became idle last is the first to have work: its memory
 * is the warmest, and those that are not needed end. */
struct worker {
	struct worker *next; /* idle one */
	struct thread_pool_task *given;
	sem_t ready; /* something was given */
};

struct thread_pool {
	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t gone;
	struct worker *idle;
	struct thread_pool_task *first, **last; /* what waits for a worker */
	long count, most;
	pthread_t last_ended; /* it joined the one before it; valid when: */
	bool some_ended;
	bool ending;
};

bool thread_pool_open(long most, struct thread_pool **workers, struct error *err)
{
	struct thread_pool *opened = calloc(1, sizeof *opened);

	if (!opened)
		return error_out_of_memory(err);
	opened->most = most;
	opened->last = &opened->first;
	pthread_mutex_init(&opened->lock, NULL);
	pthread_cond_init(&opened->gone, NULL);
	*workers = opened;
	return true;
}

/* Called with the lock held. */
static struct thread_pool_task *take_waiting(struct thread_pool *workers)
{
	struct thread_pool_task *work = workers->first;

	if (work)
		workers->first = work->next;
	if (!workers->first)
		workers->last = &workers->first;
	return work;
}

/* Called with the lock held. False when somebody has taken it off before, to give it something. */
static bool leave_idle(struct thread_pool *workers, struct worker *worker)
{
	struct worker **place = &workers->idle;

	while (*place && *place != worker)
		place = &(*place)->next;
	if (!*place)
		return false;
	*place = worker->next;
	return true;
}

/* Called with the lock held, which it gives up meanwhile. NULL: it is time to end. */
static struct thread_pool_task *await_work(struct thread_pool *workers, struct worker *worker)
{
	struct deadline end = deadline_after(LONGEST_IDLE);
	int late;

	if (workers->ending)
		return NULL;
	worker->given = NULL;
	worker->next = workers->idle;
	workers->idle = worker;
	pthread_mutex_unlock(&workers->lock);
	late = sem_clockwait(&worker->ready, CLOCK_MONOTONIC, &end.at);
	pthread_mutex_lock(&workers->lock);
	if (late && !leave_idle(workers, worker)) {
		/* It comes at this moment. */
		pthread_mutex_unlock(&workers->lock);
		while (sem_wait(&worker->ready) != 0)
			continue;
		pthread_mutex_lock(&workers->lock);
	}
	return worker->given;
}

/* Called with the lock held, which it gives up. Each joins the one that ended before it, so that
 * whoever joins the last one knows that all are gone, what libraries do at a thread's end included.
 */
static void end_worker(struct thread_pool *workers)
{
	pthread_t before = workers->last_ended;
	bool joins = workers->some_ended;

	workers->last_ended = pthread_self();
	workers->some_ended = true;
	workers->count--;
	pthread_cond_broadcast(&workers->gone);
	pthread_mutex_unlock(&workers->lock);
	if (joins)
		pthread_join(before, NULL);
}

static void *labour(void *context)
{
	struct thread_pool *workers = context;
	struct worker worker;
	struct thread_pool_task *work;

	sem_init(&worker.ready, 0, 0);
	pthread_mutex_lock(&workers->lock);
	while ((work = take_waiting(workers)) || (work = await_work(workers, &worker))) {
		pthread_mutex_unlock(&workers->lock);
		work->run(work);
		pthread_mutex_lock(&workers->lock);
	}
	end_worker(workers);
	sem_destroy(&worker.ready);
	return NULL;
}

/* Called with the lock held. */
static void start_worker(struct thread_pool *workers)
{
	pthread_attr_t attributes;
	pthread_t thread;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, LIMIT_THREAD_STACK);
	if (pthread_create(&thread, &attributes, labour, workers) == 0)
		workers->count++;
	pthread_attr_destroy(&attributes);
}

/* Called with the lock held. Puts it where the next worker that is free finds it. */
static bool let_wait(struct thread_pool *workers, struct thread_pool_task *work)
{
	if (workers->count < workers->most)
		start_worker(workers);
	if (workers->count == 0)
		return false;
	work->next = NULL;
	*workers->last = work;
	workers->last = &work->next;
	return true;
}

bool thread_pool_submit(struct thread_pool *workers, struct thread_pool_task *work)
{
	struct worker *free;
	bool possible = true;

	pthread_mutex_lock(&workers->lock);
	free = workers->idle;
	if (free) {
		workers->idle = free->next;
		free->given = work;
	} else {
		possible = let_wait(workers, work);
	}
	pthread_mutex_unlock(&workers->lock);
	/* It cannot go before it has this. */
	if (free)
		sem_post(&free->ready);
	return possible;
}

void thread_pool_close(struct thread_pool **workers)
{
	struct thread_pool *closing = *workers;

	if (!closing)
		return;
	pthread_mutex_lock(&closing->lock);
	closing->ending = true;
	while (closing->idle) {
		struct worker *idle = closing->idle;

		closing->idle = idle->next;
		sem_post(&idle->ready);
	}
	while (closing->count > 0)
		pthread_cond_wait(&closing->gone, &closing->lock);
	pthread_mutex_unlock(&closing->lock);
	if (closing->some_ended)
		pthread_join(closing->last_ended, NULL);
	pthread_cond_destroy(&closing->gone);
	pthread_mutex_destroy(&closing->lock);
	free(closing);
	*workers = NULL;
}
