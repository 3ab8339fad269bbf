#include "base/moment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

/* `utc` is NULL where the text is refused. */
static const struct {
	const char *text, *utc;
} cases[] = {
	{"2026-11-23", "2026-11-23T00:00:00.000000Z"},
	{"2026-11-23T10:00:00Z", "2026-11-23T10:00:00.000000Z"},
	{"2026-11-23t10:00:00.5Z", "2026-11-23T10:00:00.500000Z"},
	{"2026-11-23T10:00:00.123456Z", "2026-11-23T10:00:00.123456Z"},
	{"2026-11-23T00:30:00+02:00", "2026-11-22T22:30:00.000000Z"},
	{"2026-11-23T00:30:00 02:00", "2026-11-22T22:30:00.000000Z"},
	{"2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00.000000Z"},
	{"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"},
	{"0001-01-01T00:00:00+01:00", NULL},
	{"9999-12-31T23:59:59-01:00", NULL},
	{"", NULL},
	{"2026-11", NULL},
	{"2026-02-29", NULL},
	{"2026-11-23 10:00:00Z", NULL},
	{"2026-11-23T", NULL},
	{"2026-11-23T10:00Z", NULL},
	{"2026-11-23T10:00:00", NULL},
	{"2026-11-23T24:00:00Z", NULL},
	{"2026-11-23T10:60:00Z", NULL},
	{"2026-11-23T23:59:60Z", NULL},
	{"2026-11-23T10:00:00.Z", NULL},
	{"2026-11-23T10:00:00.1234567Z", NULL},
	{"2026-11-23T10:00:00+0200", NULL},
	{"2026-11-23T10:00:00+24:00", NULL},
	{"2026-11-23T10:00:00Zx", NULL},
};

static void reads_timestamps(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char utc[MOMENT_LENGTH + 1] = "";

		if (!cases[i].utc) {
			assert_false(moment_read(cases[i].text, utc));
			continue;
		}
		assert_true(moment_read(cases[i].text, utc));
		assert_string_equal(utc, cases[i].utc);
	}
}

static const struct {
	const char *text;
	bool valid;
} days[] = {
	{"2024-02-29", true},	{"2023-02-29", false}, {"2000-02-29", true},  {"1900-02-29", false},
	{"0001-01-01", true},	{"0000-01-01", false}, {"9999-12-31", true},  {"2024-04-31", false},
	{"2024-13-01", false},	{"2024-00-01", false}, {"2024-01-00", false}, {"2024-01-32", false},
	{"2024-1-01", false},	{"2024-01-1", false},  {"24-01-01", false},   {"2024/01/01", false},
	{"2024-01-01T", false}, {"2024-01-0x", false}, {"", false},	      {"+024-01-01", false},
};

static void checks_days(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof days / sizeof *days; i++)
		assert_int_equal(moment_date_valid(days[i].text), days[i].valid);
}

static void writes_today(void **state)
{
	char before[11], today[11], later[11];
	time_t now = time(NULL);
	struct tm utc;

	(void)state;
	gmtime_r(&now, &utc);
	strftime(before, sizeof before, "%Y-%m-%d", &utc);
	moment_today(today);
	now = time(NULL);
	gmtime_r(&now, &utc);
	strftime(later, sizeof later, "%Y-%m-%d", &utc);
	assert_true(moment_date_valid(today));
	assert_true(strcmp(before, today) <= 0 && strcmp(today, later) <= 0);
}

static void writes_the_latest_day_anywhere(void **state)
{
	static const struct {
		const char *moment, *day;
	} moments[] = {
		{"2026-11-28T00:00:00Z", "2026-11-28"}, {"2026-11-28T09:59:59Z", "2026-11-28"},
		{"2026-11-28T10:00:00Z", "2026-11-29"}, {"2026-12-31T23:59:59Z", "2027-01-01"},
		{"2024-02-28T10:00:00Z", "2024-02-29"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
		struct tm utc = {0};
		char day[11];

		assert_non_null(strptime(moments[i].moment, "%Y-%m-%dT%H:%M:%SZ", &utc));
		moment_latest(timegm(&utc), day);
		assert_string_equal(day, moments[i].day);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_timestamps),
		cmocka_unit_test(checks_days),
		cmocka_unit_test(writes_today),
		cmocka_unit_test(writes_the_latest_day_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
