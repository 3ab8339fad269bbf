#include "codec/base64url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

static const struct {
	const char *bytes, *text;
} pairs[] = {
	/* RFC 4648, section 10, without padding */
	{"", ""},	    {"f", "Zg"},	  {"fo", "Zm8"},	  {"foo", "Zm9v"},
	{"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xff\xfe\xfd", "__79"},
};

static void test_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		char text[64], bytes[64];
		size_t length;

		base64url_encode(pairs[i].bytes, strlen(pairs[i].bytes), text);
		assert_string_equal(text, pairs[i].text);
		assert_int_equal(strlen(text), BASE64URL_LENGTH(strlen(pairs[i].bytes)));
		assert_true(base64url_decode(text, bytes, sizeof bytes, &length));
		assert_int_equal(length, strlen(pairs[i].bytes));
		assert_memory_equal(bytes, pairs[i].bytes, length);
	}
}

static void test_refused(void **state)
{
	static const char *const refused[] = {"Z", "Zg==", "Zm9v+", "Zm 9", "Zh", "Zm9", "Zm9vY"};
	char bytes[64];
	size_t length;

	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		assert_false(base64url_decode(refused[i], bytes, sizeof bytes, &length));
}

static void test_room(void **state)
{
	char bytes[4];
	size_t length;

	(void)state;
	assert_true(base64url_decode("Zm9v", bytes, 4, &length));
	assert_string_equal(bytes, "foo");
	assert_false(base64url_decode("Zm9v", bytes, 3, &length));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_ways),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
