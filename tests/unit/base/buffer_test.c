#include "base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

static void grows(void **state)
{
	struct buffer buffer = {0};
	size_t length;
	char *text;

	(void)state;
	buffer_text(&buffer, "a");
	buffer_add(&buffer, "\0b", 2);
	for (int i = 0; i < 1000; i++)
		buffer_format(&buffer, "%04d", i);
	assert_false(buffer.failed);
	text = buffer_steal(&buffer, &length);
	assert_int_equal(length, 4003);
	assert_memory_equal(text, "a\0b0000", 7);
	assert_string_equal(text + 3999, "0999");
	assert_null(buffer.bytes);
	assert_int_equal(buffer.length, 0);
	free(text);
}

static void yields_empty_text(void **state)
{
	struct buffer buffer = {0};
	size_t length = 9;
	char *text = buffer_steal(&buffer, &length);

	(void)state;
	assert_string_equal(text, "");
	assert_int_equal(length, 0);
	free(text);
}

static void remembers_failed_addition(void **state)
{
	struct buffer buffer = {.maximum = 5};
	size_t length;

	(void)state;
	buffer_text(&buffer, "12345");
	assert_false(buffer.failed);
	buffer_text(&buffer, "");
	assert_false(buffer.failed);
	buffer_format(&buffer, "%c", '6');
	assert_true(buffer.failed);
	assert_string_equal(buffer.bytes, "12345");
	assert_null(buffer_steal(&buffer, &length));
	assert_null(buffer.bytes);
}

static const struct {
	const char *text, *json;
} texts[] = {
	{NULL, "null"},
	{"", "\"\""},
	{"Åland \xF0\x9F\x98\x80", "\"Åland \xF0\x9F\x98\x80\""},
	{"\"\\/", "\"\\\"\\\\/\""},
	{"a\nb\t\x01\x1F", "\"a\\u000ab\\u0009\\u0001\\u001f\""},
};

static void writes_json(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct buffer buffer = {0};

		buffer_json(&buffer, texts[i].text);
		assert_string_equal(buffer.bytes, texts[i].json);
		buffer_free(&buffer);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows),
		cmocka_unit_test(yields_empty_text),
		cmocka_unit_test(remembers_failed_addition),
		cmocka_unit_test(writes_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
