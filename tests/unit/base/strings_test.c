#include "base/strings.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/banned.h"

static void buffer_grows(void **state)
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

static void empty_buffer_is_an_empty_text(void **state)
{
	struct buffer buffer = {0};
	size_t length = 9;
	char *text = buffer_steal(&buffer, &length);

	(void)state;
	assert_string_equal(text, "");
	assert_int_equal(length, 0);
	free(text);
}

static void buffer_remembers_its_failure(void **state)
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

static const struct {
	const char *bytes;
	size_t length, first; /* of the first sequence */
	bool valid;
} sequences[] = {
	{"", 0, 0, true},
	{"a", 1, 1, true},
	{"\0", 1, 1, true},
	{"\x7F", 1, 1, true},
	{"\x80", 1, 0, false},
	{"\xBF", 1, 0, false},
	{"\xC0\x80", 2, 0, false},
	{"\xC1\xBF", 2, 0, false},
	{"\xC2\x80", 2, 2, true},
	{"\xC2", 1, 0, false},
	{"\xC2"
	 "a",
	 2, 0, false},
	{"\xDF\xBF", 2, 2, true},
	{"\xE0\x9F\xBF", 3, 0, false},
	{"\xE0\xA0\x80", 3, 3, true},
	{"\xED\x9F\xBF", 3, 3, true},
	{"\xED\xA0\x80", 3, 0, false},
	{"\xEF\xBF\xBF", 3, 3, true},
	{"\xE2\x82", 2, 0, false},
	{"\xF0\x8F\xBF\xBF", 4, 0, false},
	{"\xF0\x90\x80\x80", 4, 4, true},
	{"\xF4\x8F\xBF\xBF", 4, 4, true},
	{"\xF4\x90\x80\x80", 4, 0, false},
	{"\xF5\x80\x80\x80", 4, 0, false},
	{"\xFF", 1, 0, false},
	{"a\xE2\x82\xAC", 4, 1, true},
	{"a\xE2\x82", 3, 1, false},
};

static void knows_utf8(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++) {
		assert_int_equal(utf8_valid(sequences[i].bytes, sequences[i].length),
				 sequences[i].valid);
		assert_int_equal(utf8_length(sequences[i].bytes, sequences[i].length),
				 sequences[i].first);
	}
}

static const struct {
	const char *text, *trimmed;
} cut[] = {
	{"", ""},
	{"abc", "abc"},
	{"a\xC3\xA9", "a\xC3\xA9"},
	{"a\xC3", "a"},
	{"a\xE2\x82", "a"},
	{"a\xE2", "a"},
	{"a\xE2\x82\xAC", "a\xE2\x82\xAC"},
	{"\xF0\x9F\x98", ""},
	{"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"},
};

static void trims_incomplete_sequences(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
		char text[8] = "";

		memcpy(text, cut[i].text, strlen(cut[i].text));
		utf8_trim(text);
		assert_string_equal(text, cut[i].trimmed);
	}
}

static const struct {
	const char *text;
	long minimum, maximum;
	bool good;
	long number;
} numbers[] = {
	{"0", 0, 9, true, 0},
	{"10", 1, 10, true, 10},
	{"007", 0, 9, true, 7},
	{"11", 1, 10, false, 0},
	{"0", 1, 10, false, 0},
	{"", 0, 9, false, 0},
	{"-1", -5, 9, false, 0},
	{"+1", 0, 9, false, 0},
	{" 1", 0, 9, false, 0},
	{"1 ", 0, 9, false, 0},
	{"1.0", 0, 9, false, 0},
	{"0x1", 0, 9, false, 0},
	{"9223372036854775807", 0, LONG_MAX, true, LONG_MAX},
	{"9223372036854775808", 0, LONG_MAX, false, 0},
	{"99999999999999999999999", 0, LONG_MAX, false, 0},
};

static void reads_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		long number = 0;

		assert_int_equal(strings_number(numbers[i].text, numbers[i].minimum,
						numbers[i].maximum, &number),
				 numbers[i].good);
		assert_int_equal(number, numbers[i].number);
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

static void knows_the_calendar(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof days / sizeof *days; i++)
		assert_int_equal(moment_date_valid(days[i].text), days[i].valid);
}

static void knows_today(void **state)
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buffer_grows),
		cmocka_unit_test(empty_buffer_is_an_empty_text),
		cmocka_unit_test(buffer_remembers_its_failure),
		cmocka_unit_test(writes_json),
		cmocka_unit_test(knows_utf8),
		cmocka_unit_test(trims_incomplete_sequences),
		cmocka_unit_test(reads_numbers),
		cmocka_unit_test(knows_the_calendar),
		cmocka_unit_test(knows_today),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
