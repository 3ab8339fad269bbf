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

static void count(struct work *work)
{
	int now = atomic_fetch_add(&at_once, 1) + 1, seen = atomic_load(&most_at_once);

	while (now > seen && !atomic_compare_exchange_weak(&most_at_once, &seen, now))
		continue;
	free(work);
	atomic_fetch_sub(&at_once, 1);
	atomic_fetch_add(&done, 1);
}

/* Ends only when as many are at work as there may be. */
static void meet(struct work *work)
{
	pthread_barrier_wait(&all_here);
	count(work);
}

static void order(struct workers *workers, void (*run)(struct work *work))
{
	struct work *work = calloc(1, sizeof *work);

	assert_non_null(work);
	work->run = run;
	assert_true(workers_do(workers, work));
}

static struct workers *open_workers(void)
{
	struct workers *workers = NULL;
	struct error err;

	atomic_store(&done, 0);
	atomic_store(&most_at_once, 0);
	assert_true(workers_open(MOST, &workers, &err));
	return workers;
}

static void does_all_before_it_ends(void **state)
{
	struct workers *workers = open_workers();

	(void)state;
	for (int i = 0; i < PIECES; i++)
		order(workers, count);
	workers_close(&workers);
	assert_null(workers);
	assert_int_equal(atomic_load(&done), PIECES);
	assert_in_range(atomic_load(&most_at_once), 1, MOST);
	workers_close(&workers);
}

static void has_a_thread_for_each_piece(void **state)
{
	struct workers *workers = open_workers();

	(void)state;
	pthread_barrier_init(&all_here, NULL, MOST);
	for (int round = 0; round < 50; round++)
		for (int i = 0; i < MOST; i++)
			order(workers, meet);
	workers_close(&workers);
	assert_int_equal(atomic_load(&done), 50 * MOST);
	pthread_barrier_destroy(&all_here);
}

static void ends_without_work(void **state)
{
	struct workers *workers = open_workers();

	(void)state;
	workers_close(&workers);
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
