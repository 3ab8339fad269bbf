#include "http/policy/cors.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/banned.h"

static void allows_origins(void **state)
{
	static const struct {
		const char *origins, *origin, *allowed;
	} cases[] = {
		{"*", "https://a.example", "*"},
		{"https://a.example", "https://a.example", "https://a.example"},
		{"https://b.example, https://a.example", "https://a.example", "https://a.example"},
		{"https://b.example,https://a.example", "https://b.example", "https://b.example"},
		{"https://a.example", "https://a.example.evil", NULL},
		{"https://a.example.evil", "https://a.example", NULL},
		{"https://a.example", "null", NULL},
		{"https://a.example", "", NULL},
		{"", "https://a.example", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *allowed = cors_allowed(cases[i].origins, cases[i].origin);

		assert_int_equal(!allowed, !cases[i].allowed);
		if (allowed)
			assert_string_equal(allowed, cases[i].allowed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(allows_origins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
