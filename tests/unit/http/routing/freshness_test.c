#include "http/routing/freshness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/banned.h"

static void shortens_the_freshness_before_the_end(void **state)
{
	static const struct {
		long left; /* seconds; -1: the response does not end */
		long age, revalidate;
		bool full;
	} cases[] = {
		{-1, 60, 60, true},   {86400, 60, 60, true}, {120, 60, 60, true},
		{119, 60, 59, false}, {61, 60, 1, false},    {60, 60, 0, false},
		{59, 59, 0, false},   {1, 1, 0, false},	     {0, 0, 0, false},
	};
	const time_t now = 1000000;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const time_t ends = cases[i].left < 0 ? 0 : now + cases[i].left;
		char field[FRESHNESS_FIELD], expected[FRESHNESS_FIELD];

		freshness_write(now, ends, field);
		snprintf(expected, sizeof expected,
			 "public, max-age=%ld, stale-while-revalidate=%ld, stale-if-error=86400",
			 cases[i].age, cases[i].revalidate);
		assert_string_equal(field, expected);
		assert_int_equal(freshness_is_full(now, ends), cases[i].full);
	}
}

static void ends_at_once_when_the_end_has_passed(void **state)
{
	char field[FRESHNESS_FIELD];

	(void)state;
	freshness_write(1000000, 999999, field);
	assert_string_equal(field,
			    "public, max-age=0, stale-while-revalidate=0, stale-if-error=86400");
	assert_false(freshness_is_full(1000000, 999999));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shortens_the_freshness_before_the_end),
		cmocka_unit_test(ends_at_once_when_the_end_has_passed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
