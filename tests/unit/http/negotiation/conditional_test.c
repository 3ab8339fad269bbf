#include "http/negotiation/conditional.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

enum { MOMENT = 1795428000 }; /* Mon, 23 Nov 2026 10:00:00 GMT */

static void evaluates_conditions(void **state)
{
	static const struct {
		const char *none_match, *since;
		bool unmodified;
	} cases[] = {
		{NULL, NULL, false},
		{"\"7-abc\"", NULL, true},
		{"W/\"7-abc\"", NULL, true},
		{"*", NULL, true},
		{" * ", NULL, true},
		{"\"x\", \"7-abc\"", NULL, true},
		{"\"x\",\tW/\"y\" , W/\"7-abc\"", NULL, true},
		{"\"a, b\", \"7-abc\"", NULL, true},
		{", ,\"7-abc\",", NULL, true},
		{"\"7-abc-gzip\"", NULL, false},
		{"\"7-ab\"", NULL, false},
		{"\"7-ABC\"", NULL, false},
		{"w/\"7-abc\"", NULL, false},
		{"7-abc", NULL, false},
		{"\"7-abc", NULL, false},
		{"nonsense \"7-abc\"", NULL, false},
		{"**", NULL, false},
		{"", NULL, false},
		{NULL, "Mon, 23 Nov 2026 10:00:00 GMT", true},
		{NULL, "Mon, 23 Nov 2026 10:00:01 GMT", true},
		{NULL, "Mon, 23 Nov 2026 09:59:59 GMT", false},
		{NULL, "Monday, 23-Nov-26 10:00:00 GMT", true},
		{NULL, "nonsense", false},
		/* If-None-Match takes precedence over If-Modified-Since. (RFC 9110, section 13.2.2)
		 */
		{"\"x\"", "Mon, 23 Nov 2026 10:00:00 GMT", false},
		{"\"7-abc\"", "Mon, 23 Nov 2026 09:00:00 GMT", true},
		{"nonsense", "Mon, 23 Nov 2026 10:00:00 GMT", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		print_message("%s; %s\n", cases[i].none_match, cases[i].since);
		assert_int_equal(conditional_unmodified(cases[i].none_match, cases[i].since,
							"\"7-abc\"", MOMENT),
				 cases[i].unmodified);
	}
	assert_false(conditional_unmodified(NULL, "Mon, 23 Nov 2026 10:00:00 GMT", "\"7-abc\"", 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(evaluates_conditions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
