#include "base/scheduler.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/banned.h"

enum { SHORT = 30, PATIENCE = 30000 };

struct counter {
	atomic_int runs;
	long next; /* what each run returns */
};

static long count_run(void *context)
{
	struct counter *counter = context;

	atomic_fetch_add(&counter->runs, 1);
	return counter->next;
}

struct long_run {
	atomic_bool begun;
};

static long run_forever(void *context)
{
	const struct timespec pause = {.tv_nsec = 1000000};

	struct long_run *run = context;

	atomic_store(&run->begun, true);
	for (;;)
		nanosleep(&pause, NULL);
	return 0;
}

static void wait_for_runs(struct counter *counter, int runs)
{
	const struct timespec pause = {.tv_nsec = 1000000};
	struct deadline end = deadline_after(PATIENCE);

	while (atomic_load(&counter->runs) < runs) {
		assert_false(deadline_passed(end));
		nanosleep(&pause, NULL);
	}
}

static struct scheduler *open_scheduler(void)
{
	struct scheduler *scheduler = NULL;
	struct error err;

	assert_true(scheduler_open(&scheduler, &err));
	return scheduler;
}

static void runs_each_job_when_due(void **state)
{
	struct scheduler *scheduler = open_scheduler();
	struct counter often = {.next = 1}, rare = {.next = PATIENCE}, once = {.next = -1};
	struct error err;

	(void)state;
	assert_true(scheduler_add(scheduler, count_run, &rare, &err));
	assert_true(scheduler_add(scheduler, count_run, &once, &err));
	assert_true(scheduler_add(scheduler, count_run, &often, &err));
	wait_for_runs(&often, 20);
	wait_for_runs(&rare, 1);
	wait_for_runs(&once, 1);
	assert_true(scheduler_close(&scheduler, deadline_after(PATIENCE)));
	assert_null(scheduler);
	assert_int_equal(atomic_load(&rare.runs), 1);
	assert_int_equal(atomic_load(&once.runs), 1);
}

static void refuses_more_jobs_than_places(void **state)
{
	struct scheduler *scheduler = open_scheduler();
	struct counter counter = {.next = PATIENCE};
	struct error err;

	(void)state;
	for (int i = 0; i < SCHEDULER_JOBS; i++)
		assert_true(scheduler_add(scheduler, count_run, &counter, &err));
	assert_false(scheduler_add(scheduler, count_run, &counter, &err));
	assert_int_equal(err.kind, ERROR_INTERNAL);
	assert_true(scheduler_close(&scheduler, deadline_after(PATIENCE)));
}

static void reuses_place_of_ended_job(void **state)
{
	struct scheduler *scheduler = open_scheduler();
	struct counter counter = {.next = -1};
	struct deadline end = deadline_after(PATIENCE);
	struct error err;

	(void)state;
	for (int i = 0; i < 3 * SCHEDULER_JOBS; i++) {
		while (!scheduler_add(scheduler, count_run, &counter, &err))
			assert_false(deadline_passed(end));
		wait_for_runs(&counter, i + 1);
	}
	assert_true(scheduler_close(&scheduler, deadline_after(PATIENCE)));
}

static void close_ends_at_deadline_while_job_runs(void **state)
{
	static struct long_run run;
	struct scheduler *scheduler = open_scheduler();
	struct deadline end = deadline_after(PATIENCE);
	struct error err;

	(void)state;
	assert_true(scheduler_add(scheduler, run_forever, &run, &err));
	while (!atomic_load(&run.begun))
		assert_false(deadline_passed(end));
	assert_false(scheduler_close(&scheduler, deadline_after(SHORT)));
	assert_false(deadline_passed(end));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_each_job_when_due),
		cmocka_unit_test(refuses_more_jobs_than_places),
		cmocka_unit_test(reuses_place_of_ended_job),
		cmocka_unit_test(close_ends_at_deadline_while_job_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
