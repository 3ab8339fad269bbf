#include "base/number.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/banned.h"

static const struct {
	const char *text;
	long minimum, maximum;
	bool good;
	long number;
} numbers[] = {
	{"0", 0, 9, true, 0},
	{"10", 1, 10, true, 10},
	{"007", 0, 9, true, 7},
	{"11", 1, 10, false, 0},
	{"0", 1, 10, false, 0},
	{"", 0, 9, false, 0},
	{"-1", -5, 9, false, 0},
	{"+1", 0, 9, false, 0},
	{" 1", 0, 9, false, 0},
	{"1 ", 0, 9, false, 0},
	{"1.0", 0, 9, false, 0},
	{"0x1", 0, 9, false, 0},
	{"9223372036854775807", 0, LONG_MAX, true, LONG_MAX},
	{"9223372036854775808", 0, LONG_MAX, false, 0},
	{"99999999999999999999999", 0, LONG_MAX, false, 0},
};

static void reads_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		long number = 0;

		assert_int_equal(number_read(numbers[i].text, numbers[i].minimum,
					     numbers[i].maximum, &number),
				 numbers[i].good);
		assert_int_equal(number, numbers[i].number);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
