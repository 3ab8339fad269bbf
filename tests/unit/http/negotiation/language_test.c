#include "http/negotiation/language.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/banned.h"

static void picks_languages(void **state)
{
	static const struct {
		const char *asked, *accepted, *language;
	} cases[] = {
		{NULL, NULL, "en"},
		{NULL, "", "en"},
		{NULL, "fr", "fr"},
		{NULL, "FR", "fr"},
		{NULL, "fr-CA", "fr"},
		{NULL, "fr-CA, en;q=0.9", "fr"},
		{NULL, "en-GB", "en"},
		{NULL, "de", "en"},
		{NULL, "de, fr;q=0.1", "fr"},
		{NULL, "de;q=1, fr;q=0.1, en;q=0.2", "en"},
		{NULL, "fr;q=0.8, en;q=0.9", "en"},
		{NULL, "en;q=0.8,fr;q=0.9", "fr"},
		{NULL, "fr, en", "fr"},
		{NULL, "en, fr", "en"},
		{NULL, "*", "en"},
		{NULL, "*, fr;q=0.5", "en"},
		{NULL, "fr, *;q=0.5", "fr"},
		{NULL, "en;q=0, *", "fr"},
		{NULL, "en;q=0", "fr"},
		{NULL, "fr;q=0", "en"},
		{NULL, "fr;q=0, en;q=0", "en"},
		{NULL, "*;q=0", "en"},
		{NULL, "fr-CA;q=0, fr", "fr"},
		{NULL, "fr;q=0, fr-CA", "fr"},
		{NULL, "french", "en"},
		{NULL, "f", "en"},
		{NULL, "fr;q=2", "en"},
		{NULL, "fr;q=abc, en;q=0.1", "en"},
		{NULL, " fr ; q=0.7 , en ; q=0.3", "fr"},
		{NULL, "fr;q=0.001, en;q=0", "fr"},
		{"fr", "en", "fr"},
		{"en", "fr", "en"},
		{"en", NULL, "en"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		print_message("%s\n", cases[i].accepted ? cases[i].accepted : "-");
		assert_string_equal(language_pick(cases[i].asked, cases[i].accepted),
				    cases[i].language);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(picks_languages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
