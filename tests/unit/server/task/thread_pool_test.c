#include "server/task/thread_pool.h"

#include "support/fake_routes.h"

#include <pthread.h>

#include "base/banned.h"

enum { TASKS = 2000, THREADS = 4 };

static atomic_int begun, done, at_once, most_at_once;
static pthread_barrier_t all_busy;

static void count_task(struct thread_pool_task *task)
{
	int now = atomic_fetch_add(&at_once, 1) + 1, seen = atomic_load(&most_at_once);

	while (now > seen && !atomic_compare_exchange_weak(&most_at_once, &seen, now))
		continue;
	free(task);
	atomic_fetch_sub(&at_once, 1);
	atomic_fetch_add(&done, 1);
}

/* Ends when every thread of the pool has called it. */
static void meet_others(struct thread_pool_task *task)
{
	atomic_fetch_add(&begun, 1);
	pthread_barrier_wait(&all_busy);
	count_task(task);
}

static bool submit(struct thread_pool *pool, void (*perform)(struct thread_pool_task *task))
{
	struct thread_pool_task *task = calloc(1, sizeof *task);

	assert_non_null(task);
	task->perform = perform;
	if (thread_pool_submit(pool, task))
		return true;
	free(task);
	return false;
}

static struct thread_pool *open_pool(size_t queued)
{
	struct thread_pool *pool = NULL;
	struct error err;

	atomic_store(&begun, 0);
	atomic_store(&done, 0);
	atomic_store(&most_at_once, 0);
	assert_true(thread_pool_open(THREADS, queued, &pool, &err));
	return pool;
}

static void performs_all_tasks_before_it_closes(void **state)
{
	struct thread_pool *pool = open_pool(TASKS);

	(void)state;
	for (int i = 0; i < TASKS; i++)
		assert_true(submit(pool, count_task));
	thread_pool_close(&pool);
	assert_null(pool);
	assert_int_equal(atomic_load(&done), TASKS);
	assert_in_range(atomic_load(&most_at_once), 1, THREADS);
	thread_pool_close(&pool);
}

static void uses_all_threads(void **state)
{
	struct thread_pool *pool = open_pool(TASKS);

	(void)state;
	pthread_barrier_init(&all_busy, NULL, THREADS);
	for (int i = 0; i < 50 * THREADS; i++)
		assert_true(submit(pool, meet_others));
	thread_pool_close(&pool);
	assert_int_equal(atomic_load(&done), 50 * THREADS);
	pthread_barrier_destroy(&all_busy);
}

static void refuses_at_once_when_the_queue_is_full(void **state)
{
	const struct timespec pause = {.tv_nsec = 1000000};
	struct thread_pool *pool = open_pool(2);

	(void)state;
	/* One task more than threads: they wait for this thread. */
	pthread_barrier_init(&all_busy, NULL, THREADS + 1);
	for (int i = 0; i < THREADS; i++) {
		assert_true(submit(pool, meet_others));
		/* The time limit of the test bounds this. */
		while (atomic_load(&begun) <= i)
			nanosleep(&pause, NULL);
	}
	assert_true(submit(pool, count_task));
	assert_true(submit(pool, count_task));
	assert_false(submit(pool, count_task));
	pthread_barrier_wait(&all_busy);
	thread_pool_close(&pool);
	assert_int_equal(atomic_load(&done), THREADS + 2);
	pthread_barrier_destroy(&all_busy);
}

static void closes_without_tasks(void **state)
{
	struct thread_pool *pool = open_pool(1);

	(void)state;
	thread_pool_close(&pool);
	assert_int_equal(atomic_load(&done), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(performs_all_tasks_before_it_closes),
		cmocka_unit_test(uses_all_threads),
		cmocka_unit_test(refuses_at_once_when_the_queue_is_full),
		cmocka_unit_test(closes_without_tasks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
