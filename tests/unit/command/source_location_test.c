#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "command/import/source_location.h"

static const char text[] = "{\n"
			   " \"a\" : [ 1,\t\"\xC3\xA9]\\\"\", {\"b\":null} , [],{} ],\n"
			   " \"c\": {\"a\": {\"d\": [[true], [false, \"x\"]]}},\r\n"
			   " \"e\": -1.5e3\n"
			   "}\n";

static void finds_values(void **state)
{
	static const struct {
		const char *pointer;
		unsigned line, column;
	} cases[] = {
		{"", 1, 1},
		{"/a", 2, 8},
		{"/a/0", 2, 10},
		{"/a/1", 2, 13},
		{"/a/2", 2, 21},
		{"/a/2/b", 2, 26},
		{"/a/3", 2, 34},
		{"/a/4", 2, 37},
		{"/c/a", 3, 13},
		{"/c/a/d/1/1", 3, 36},
		{"/e", 4, 7},
		/* What is not there: the nearest around it. */
		{"/x", 1, 1},
		{"/a/9", 2, 8},
		{"/a/2/x/y", 2, 21},
		{"/e/x", 4, 7},
		{"/a/3/0", 2, 34},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		unsigned line = 0, column = 0;

		source_location_json(text, cases[i].pointer, &line, &column);
		if (line != cases[i].line || column != cases[i].column)
			fail_msg("%s is at %u:%u, not %u:%u", cases[i].pointer, cases[i].line,
				 cases[i].column, line, column);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
