#include "http/message/sanitize.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/banned.h"

static void replaces_invalid_utf8(void **state)
{
	static const struct {
		const char *text, *clean;
	} cases[] = {
		{"", ""},
		{"plain", "plain"},
		{"\xC3\xA9t\xC3\xA9 \xF0\x9F\x87\xB3", "\xC3\xA9t\xC3\xA9 \xF0\x9F\x87\xB3"},
		{"\xFFx\xC3", "?x?"},
		{"\xE2\x82", "??"},
		{"\xC3\xC3\xA9", "?\xC3\xA9"},
	};
	struct arena *arena = arena_open(1000);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(sanitize_copy(arena, cases[i].text), cases[i].clean);
	arena_close(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(replaces_invalid_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
