#include "api/validate/date_period.h"

#include "http/message/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

/* canonical is NULL where the value is refused; then the message contains `names`. */
static const struct {
	const char *text, *canonical, *names;
} cases[] = {
	{"2024", "2024-01-01..2024-12-31", NULL},
	{"2024-05", "2024-05-01..2024-05-31", NULL},
	{"2024-02", "2024-02-01..2024-02-29", NULL},
	{"2023-02", "2023-02-01..2023-02-28", NULL},
	{"2024-12", "2024-12-01..2024-12-31", NULL},
	{"2024-05-03", "2024-05-03..2024-05-03", NULL},
	{"2020..", "2020-01-01..", NULL},
	{"2020-06..", "2020-06-01..", NULL},
	{"..2019-12-31", "..2019-12-31", NULL},
	{"..2019", "..2019-12-31", NULL},
	{"2020..2023", "2020-01-01..2023-12-31", NULL},
	{"2020-05-03..2020", "2020-05-03..2020-12-31", NULL},
	{"2020..2020-01-01", "2020-01-01..2020-01-01", NULL},
	{"0001..9999", "0001-01-01..9999-12-31", NULL},
	{"2024-05..2024-04", NULL, "ends before it begins"},
	{"2020-01-02..2020-01-01", NULL, "ends before it begins"},
	{"..", NULL, "period"},
	{"...", NULL, "period"},
	{"2020...2021", NULL, "period"},
	{"2020..2021..2022", NULL, "period"},
	{"2020.2021", NULL, "period"},
	{"2020,2021", NULL, "period"},
	{"20", NULL, "period"},
	{"2024-5", NULL, "period"},
	{"2024-13", NULL, "period"},
	{"2024-00", NULL, "period"},
	{"2023-02-29", NULL, "period"},
	{"2024-05-", NULL, "period"},
	{"0000", NULL, "period"},
	{"x..2024", NULL, "period"},
	{"2024..x", NULL, "period"},
	{"2024-05-03T00:00:00Z", NULL, "period"},
};

static void reads_periods(void **state)
{
	static const struct parameter parameter = {.name = "made_on", .place = PARAMETER_QUERY};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct request request = {.arena = arena_open(1 << 12)};
		struct value value = {&parameter, parameter.name, cases[i].text, cases[i].text};
		struct error err = {0};

		print_message("%s\n", cases[i].text);
		if (cases[i].canonical) {
			assert_true(date_period_check(&request, &value, &err));
			assert_string_equal(value.canonical, cases[i].canonical);
			/* The canonical form is its own. */
			value.text = value.canonical;
			assert_true(date_period_check(&request, &value, &err));
			assert_string_equal(value.canonical, cases[i].canonical);
		} else {
			assert_false(date_period_check(&request, &value, &err));
			assert_int_equal(err.kind, ERROR_BAD_REQUEST);
			assert_non_null(strstr(err.message, cases[i].names));
			assert_true(*err.french);
		}
		arena_close(&request.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_periods),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
