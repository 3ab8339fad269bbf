#include "base/deadline.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/banned.h"

static void counts_down(void **state)
{
	struct deadline deadline = deadline_after(60000);

	(void)state;
	assert_in_range(deadline_left(deadline), 50000, 60000);
	assert_false(deadline_passed(deadline));
	assert_in_range(deadline.at.tv_nsec, 0, 999999999);
}

static void passes(void **state)
{
	const struct timespec pause = {.tv_nsec = 5000000};
	struct deadline soon = deadline_after(1);

	(void)state;
	assert_true(deadline_passed(deadline_after(0)));
	assert_true(deadline_passed(deadline_after(-5)));
	nanosleep(&pause, NULL);
	assert_true(deadline_passed(soon));
	assert_int_equal(deadline_left(soon), 0);
}

/* A wait for the remaining time must not end before the deadline, or loops would spin. */
static void rounds_up(void **state)
{
	struct deadline deadline = {0};

	(void)state;
	clock_gettime(CLOCK_MONOTONIC, &deadline.at);
	deadline.at.tv_sec += 10;
	assert_true(deadline_left(deadline) > 0);
	for (int i = 0; i < 1000; i++) {
		struct timespec now;
		int left = deadline_left(deadline);
		long long exact;

		clock_gettime(CLOCK_MONOTONIC, &now);
		exact = (long long)(deadline.at.tv_sec - now.tv_sec) * 1000000000 +
			(deadline.at.tv_nsec - now.tv_nsec);
		assert_true(left * 1000000LL >= exact);
	}
}

static void knows_the_far_future(void **state)
{
	(void)state;
	assert_int_equal(deadline_left(deadline_after(LONG_MAX)), INT_MAX);
}

static void takes_the_earlier(void **state)
{
	struct deadline early = {.at = {5, 7}}, late = {.at = {5, 8}}, later = {.at = {6, 0}};

	(void)state;
	assert_int_equal(deadline_earlier(early, late).at.tv_nsec, 7);
	assert_int_equal(deadline_earlier(late, early).at.tv_nsec, 7);
	assert_int_equal(deadline_earlier(later, late).at.tv_sec, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_down),	     cmocka_unit_test(passes),
		cmocka_unit_test(rounds_up),	     cmocka_unit_test(knows_the_far_future),
		cmocka_unit_test(takes_the_earlier),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
