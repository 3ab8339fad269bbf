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

static void test_cases(void **state)
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

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
