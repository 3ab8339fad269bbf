#include "http/message/http_date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/banned.h"

enum { MOMENT = 1795428000 }; /* Mon, 23 Nov 2026 10:00:00 GMT */

static void writes_dates(void **state)
{
	static const struct {
		time_t moment;
		const char *text;
	} cases[] = {
		{0, "Thu, 01 Jan 1970 00:00:00 GMT"},
		{MOMENT, "Mon, 23 Nov 2026 10:00:00 GMT"},
		{951782400, "Tue, 29 Feb 2000 00:00:00 GMT"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[DATE_SIZE];

		http_date_write(cases[i].moment, text);
		assert_string_equal(text, cases[i].text);
	}
}

static void reads_dates(void **state)
{
	static const struct {
		const char *text;
		time_t moment; /* -1: refused */
	} cases[] = {
		{"Mon, 23 Nov 2026 10:00:00 GMT", MOMENT},
		{"Monday, 23-Nov-26 10:00:00 GMT", MOMENT},
		{"Mon Nov 23 10:00:00 2026", MOMENT},
		{"Sun Nov  1 10:00:00 2026", MOMENT - 22 * 86400},
		{"Sunday, 06-Nov-94 08:49:37 GMT", 784111777},
		{"Mon Nov 23 10:00:00 206", -1},
		{"Mon, 23 Nov 2026 10:00:00", -1},
		{"Mon, 23 Nov 2026 10:00:00 GMT ", -1},
		{"Mon, 23 Nov 2026 10:00:00 +0100", -1},
		{"2026-11-23T10:00:00Z", -1},
		{"yesterday", -1},
		{"", -1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		time_t moment = -1;

		print_message("%s\n", cases[i].text);
		assert_int_equal(http_date_read(cases[i].text, &moment), cases[i].moment != -1);
		assert_true(moment == cases[i].moment);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_dates),
		cmocka_unit_test(reads_dates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
