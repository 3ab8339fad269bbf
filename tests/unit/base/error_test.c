#include "base/error.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

static void fills_kind_and_message(void **state)
{
	struct error err;

	(void)state;
	assert_false(error_set(&err, ERROR_GONE, "%s %d%%", "n", 7));
	assert_int_equal(err.kind, ERROR_GONE);
	assert_string_equal(err.message, "n 7%");
	assert_false(error_out_of_memory(&err));
	assert_int_equal(err.kind, ERROR_INTERNAL);
}

static void fills_both_languages(void **state)
{
	struct error err;

	(void)state;
	assert_false(error_tell(&err, ERROR_GONE, "%s is gone", "%s n’est plus", "x"));
	assert_int_equal(err.kind, ERROR_GONE);
	assert_string_equal(error_in(&err, "en"), "x is gone");
	assert_string_equal(error_in(&err, "fr"), "x n’est plus");
	assert_false(error_tell_text(&err, ERROR_NOT_FOUND, BILINGUAL("100%", "cent")));
	assert_int_equal(err.kind, ERROR_NOT_FOUND);
	assert_string_equal(error_in(&err, "en"), "100%");
	assert_string_equal(error_in(&err, "fr"), "cent");
	assert_false(error_set(&err, ERROR_GONE, "alone"));
	assert_string_equal(error_in(&err, "fr"), "alone");
}

/* If the buffer ends inside a sequence, no part of the sequence remains. */
static void cuts_at_a_character(void **state)
{
	struct error err;
	char text[sizeof err.message + 16];

	(void)state;
	for (size_t shift = 0; shift < 4; shift++) {
		memset(text, 'a', shift);
		for (size_t i = shift; i + 4 < sizeof text; i += 4)
			memcpy(text + i, "\xF0\x9F\x98\x80", 5);
		assert_false(error_set(&err, ERROR_INTERNAL, "%s", text));
		assert_true(utf8_valid(err.message, strlen(err.message)));
		assert_int_equal(strlen(err.message),
				 (sizeof err.message - 1 - shift) / 4 * 4 + shift);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fills_kind_and_message),
		cmocka_unit_test(fills_both_languages),
		cmocka_unit_test(cuts_at_a_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
