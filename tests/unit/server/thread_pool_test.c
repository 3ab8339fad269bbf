/*
 * Work that waits does not hold up other work, and nothing is lost at the end.
 */
#include "server/work/thread_pool.h"

#include "support/fake_routes.h"

#include <pthread.h>

#include "base/banned.h"

enum { PIECES = 2000, MOST = 4 };

static atomic_int done, at_once, most_at_once;
static pthread_barrier_t all_here;

static void count(struct thread_pool_task *work)
{
	int now = atomic_fetch_add(&at_once, 1) + 1, seen = atomic_load(&most_at_once);

	while (now > seen && !atomic_compare_exchange_weak(&most_at_once, &seen, now))
		continue;
	free(work);
	atomic_fetch_sub(&at_once, 1);
	atomic_fetch_add(&done, 1);
}

/* Ends only when as many are at work as there may be. */
static void meet(struct thread_pool_task *work)
{
	pthread_barrier_wait(&all_here);
	count(work);
}

static void order(struct thread_pool *workers, void (*run)(struct thread_pool_task *work))
{
	struct thread_pool_task *work = calloc(1, sizeof *work);

	assert_non_null(work);
	work->run = run;
	assert_true(thread_pool_submit(workers, work));
}

static struct thread_pool *open_workers(void)
{
	struct thread_pool *workers = NULL;
	struct error err;

	atomic_store(&done, 0);
	atomic_store(&most_at_once, 0);
	assert_true(thread_pool_open(MOST, &workers, &err));
	return workers;
}

static void does_all_before_it_ends(void **state)
{
	struct thread_pool *workers = open_workers();

	(void)state;
	for (int i = 0; i < PIECES; i++)
		order(workers, count);
	thread_pool_close(&workers);
	assert_null(workers);
	assert_int_equal(atomic_load(&done), PIECES);
	assert_in_range(atomic_load(&most_at_once), 1, MOST);
	thread_pool_close(&workers);
}

static void has_a_thread_for_each_piece(void **state)
{
	struct thread_pool *workers = open_workers();

	(void)state;
	pthread_barrier_init(&all_here, NULL, MOST);
	for (int round = 0; round < 50; round++)
		for (int i = 0; i < MOST; i++)
			order(workers, meet);
	thread_pool_close(&workers);
	assert_int_equal(atomic_load(&done), 50 * MOST);
	pthread_barrier_destroy(&all_here);
}

static void ends_without_work(void **state)
{
	struct thread_pool *workers = open_workers();

	(void)state;
	thread_pool_close(&workers);
	assert_int_equal(atomic_load(&done), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(does_all_before_it_ends),
		cmocka_unit_test(has_a_thread_for_each_piece),
		cmocka_unit_test(ends_without_work),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
