#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

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

static void checks_sequences(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++) {
		assert_int_equal(utf8_valid(sequences[i].bytes, sequences[i].length),
				 sequences[i].valid);
		assert_int_equal(utf8_length(sequences[i].bytes, sequences[i].length),
				 sequences[i].first);
	}
}

static void cleans_invalid_utf8(void **state)
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

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[16] = "";

		memcpy(text, cases[i].text, strlen(cases[i].text));
		utf8_clean(text);
		assert_string_equal(text, cases[i].clean);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checks_sequences),
		cmocka_unit_test(cleans_invalid_utf8),
		cmocka_unit_test(trims_incomplete_sequences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
