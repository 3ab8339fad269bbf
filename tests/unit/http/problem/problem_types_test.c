#include "http/problem/problem.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

static void assert_text(const struct problem_text *text)
{
	assert_true(strlen(text->title) > 0);
	assert_true(strlen(text->meaning) > 0);
	assert_true(strlen(text->advice) > 0);
}

static void assert_example(const struct problem_type *type)
{
	char *text = problem_example(type, "https://example.org");
	json_t *document;

	assert_non_null(text);
	document = json_loads(text, 0, NULL);
	assert_non_null(document);
	assert_string_equal(json_string_value(json_object_get(document, "title")), type->title);
	assert_int_equal(json_integer_value(json_object_get(document, "status")), type->status);
	assert_true(strlen(json_string_value(json_object_get(document, "detail"))) > 0);
	if (type->fixed)
		assert_string_equal(type->example.detail, type->fixed);
	json_decref(document);
	free(text);
}

static void has_a_type_for_every_error_kind(void **state)
{
	(void)state;
	for (int kind = 0; kind < ERROR_KINDS; kind++) {
		const struct problem_type *type = problem_type((enum error_kind)kind);

		assert_in_range(type->status, 400, 599);
		assert_int_equal(strspn(type->name, "abcdefghijklmnopqrstuvwxyz-"),
				 strlen(type->name));
		assert_true(strlen(type->title) > 0);
		assert_text(&type->en);
		assert_text(&type->fr);
		assert_string_not_equal(type->en.meaning, type->fr.meaning);
		assert_example(type);
		/* The detail of a failure of the service is fixed. */
		assert_int_equal(type->fixed != NULL, type->status == 500 || type->status == 503);
		for (int other = 0; other < kind; other++)
			assert_string_not_equal(type->name,
						problem_type((enum error_kind)other)->name);
	}
	assert_int_equal(problem_type(ERROR_KINDS)->status, 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_a_type_for_every_error_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
