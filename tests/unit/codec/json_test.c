#include "codec/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

static const struct {
	const char *json, *compact;
} cases[] = {
	{"", ""},
	{" ", ""},
	{"{}", "{}"},
	{"{ \"a\" : [1, \n 2] }", "{\"a\":[1,2]}"},
	{"{\"a b\" : \" c \"}", "{\"a b\":\" c \"}"},
	{"[\"\\\" \", 1 ]", "[\"\\\" \",1]"},
	{"[\"\\\\\" , true]", "[\"\\\\\",true]"},
	{"[\"\\\\\\\" , \" , 2]", "[\"\\\\\\\" , \",2]"},
	{"[\"\\\\\\\\\" , \"\" , \"\\\"\" , 3]", "[\"\\\\\\\\\",\"\",\"\\\"\",3]"},
	{"\t[ null ]\r\n", "[null]"},
	{"\"cut \\", "\"cut \\"},
	{"\"cut ", "\"cut "},
};

static void removes_white_space(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buffer buffer = {0};

		json_compact(&buffer, cases[i].json, strlen(cases[i].json));
		assert_false(buffer.failed);
		assert_string_equal(buffer.bytes, cases[i].compact);
		buffer_free(&buffer);
	}
}

static void measures_depth(void **state)
{
	static const struct {
		const char *json;
		size_t depth;
	} depths[] = {
		{"", 0},
		{"1", 0},
		{"[]", 1},
		{"[[], [1], {}]", 2},
		{"[1, {\"a\": [2]}]", 3},
		{"[\"[[[[\", \"\\\"[[\"]", 1},
		{"]]][", 1},
		{"[[[[", 4},
		{"{\"cut [[", 1},
	};
	static char deep[1 << 20];

	(void)state;
	for (size_t i = 0; i < sizeof depths / sizeof *depths; i++) {
		const char *json = depths[i].json;
		size_t depth = depths[i].depth;

		assert_true(json_depth_within(json, strlen(json), depth));
		assert_true(depth == 0 || !json_depth_within(json, strlen(json), depth - 1));
	}
	memset(deep, '[', sizeof deep);
	assert_false(json_depth_within(deep, sizeof deep, 4));
	assert_true(json_depth_within(deep, sizeof deep, sizeof deep));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(removes_white_space),
					   cmocka_unit_test(measures_depth)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
