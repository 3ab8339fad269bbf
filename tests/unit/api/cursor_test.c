#include "api/read/cursor.h"

#include "codec/base64url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

#define LIST "/v1/statements?kind=reservation id en"

static int open_arena(void **state)
{
	*state = arena_open(1 << 20);
	return *state ? 0 : -1;
}

static int close_arena(void **state)
{
	struct arena *arena = *state;

	arena_close(&arena);
	return 0;
}

static void reads_what_was_written(void **state)
{
	static const struct {
		const char *position, *value, *key;
	} cases[] = {
		{"[\"NO\", \"NO\"]", "NO", "NO"},
		{"[\"infinity\", \"NO-185-R-06\"]", "infinity", "NO-185-R-06"},
		{"[\"C\\u00f4te d\\u2019Ivoire\", \"CI\"]", "C\xc3\xb4te d\xe2\x80\x99Ivoire",
		 "CI"},
		{"[\"\", \"a\\\"b\"]", "", "a\"b"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *text = cursor_write(*state, LIST, cases[i].position);
		struct cursor cursor;
		struct error err;

		assert_non_null(text);
		assert_int_equal(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
					      "0123456789-_"),
				 strlen(text));
		assert_true(cursor_read(*state, LIST, text, &cursor, &err));
		assert_string_equal(cursor.value, cases[i].value);
		assert_string_equal(cursor.key, cases[i].key);
	}
}

static void refuses_cursor_of_another_list(void **state)
{
	static const char *const others[] = {
		"/v1/statements?kind=declaration id en",
		"/v1/statements?kind=reservation -id en",
		"/v1/statements?kind=reservation id fr",
		"/v1/statements id en",
	};
	char *text = cursor_write(*state, LIST, "[\"NO-185-R-06\",\"NO-185-R-06\"]");
	struct cursor cursor;
	struct error err;

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		assert_false(cursor_read(*state, others[i], text, &cursor, &err));
		assert_int_equal(err.kind, ERROR_BAD_REQUEST);
	}
}

static void refuses_other_text(void **state)
{
	static const char *const texts[] = {
		"",
		"x",
		"Zm9v",
		"W10",			   /* [] */
		"WyJhIl0",		   /* ["a"] */
		"WyJhIiwiYiJd",		   /* ["a","b"] */
		"WyJhIiwiYiIsImMiXQ",	   /* ["a","b","c"] */
		"WzEsMiwzXQ",		   /* [1,2,3] */
		"eyJhIjoxfQ",		   /* {"a":1} */
		"WyJhIiwiYiIsImMiLCJkIl0", /* four members */
		"WyJhIixbImIiXSwiYyJd",	   /* ["a",["b"],"c"] */
	};
	char long_text[8000], deep[2047], deep_text[BASE64URL_LENGTH(sizeof deep) + 1];
	struct cursor cursor;
	struct error err;

	memset(deep, '[', sizeof deep);
	base64url_encode(deep, sizeof deep, deep_text);
	assert_false(cursor_read(*state, LIST, deep_text, &cursor, &err));
	assert_int_equal(err.kind, ERROR_BAD_REQUEST);
	memset(long_text, 'A', sizeof long_text - 1);
	long_text[sizeof long_text - 1] = '\0';
	assert_false(cursor_read(*state, LIST, long_text, &cursor, &err));
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_false(cursor_read(*state, LIST, texts[i], &cursor, &err));
		assert_int_equal(err.kind, ERROR_BAD_REQUEST);
	}
}

/* No single changed character leads to another place in the list. */
static void refuses_edited_cursor(void **state)
{
	char *text = cursor_write(*state, LIST, "[\"2006-06-30\",\"NO-185-R-06\"]");

	for (size_t i = 0; text[i]; i++) {
		char original = text[i];
		struct cursor cursor;
		struct error err;

		text[i] = original == 'A' ? 'B' : 'A';
		assert_false(cursor_read(*state, LIST, text, &cursor, &err));
		text[i] = original;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_what_was_written, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(refuses_cursor_of_another_list, open_arena,
						close_arena),
		cmocka_unit_test_setup_teardown(refuses_other_text, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(refuses_edited_cursor, open_arena, close_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
