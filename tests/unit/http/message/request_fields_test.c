#include "http/message/request_fields.h"

#include "http/message/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

static void joins_repeated_lists(void **state)
{
	static const struct field lines[] = {
		{"accept", "text/csv"}, {"HOST", "a"},	       {"Accept", ""},
		{"X-Other", "b"},	{"ACCEPT", "*/*;q=0"},
	};
	struct arena *arena = arena_open(4096);
	struct request_fields fields;
	struct error err;

	(void)state;
	request_fields_find(lines, 5, &fields);
	assert_string_equal(fields.values[FIELD_ACCEPT], "text/csv");
	assert_int_equal(fields.repeated, 1 << FIELD_ACCEPT);
	assert_true(request_fields_join(lines, 5, arena, &fields, &err));
	assert_string_equal(fields.values[FIELD_ACCEPT], "text/csv, , */*;q=0");
	assert_string_equal(fields.values[FIELD_HOST], "a");
	assert_null(fields.values[FIELD_ORIGIN]);
	arena_close(&arena);
}

/* A refused field has no value, so no caller can mistake a part of it for the whole. */
static void refuses_repeated_single_and_oversized_fields(void **state)
{
	static char long_value[LIMIT_JOINED];
	static const struct {
		const char *name, *first, *second;
		size_t memory;
		enum error_kind kind;
	} cases[] = {
		{"Host", "a", "a", 4096, ERROR_BAD_REQUEST},
		{"Content-Length", "1", "1", 4096, ERROR_BAD_REQUEST},
		{"Authorization", "a", "b", 4096, ERROR_BAD_REQUEST},
		{"Accept", long_value, "b", 8192, ERROR_FIELDS_TOO_LARGE},
		{"Accept", "a", "b", 0, ERROR_INTERNAL},
	};

	(void)state;
	memset(long_value, 'x', sizeof long_value - 1);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct field lines[] = {{cases[i].name, cases[i].first},
					      {"Accept-Language", "fr"},
					      {cases[i].name, cases[i].second}};
		struct arena *arena = arena_open(cases[i].memory);
		struct request_fields fields;
		struct error err;

		request_fields_find(lines, 3, &fields);
		assert_false(request_fields_join(lines, 3, arena, &fields, &err));
		assert_int_equal(err.kind, cases[i].kind);
		assert_string_equal(fields.values[FIELD_ACCEPT_LANGUAGE], "fr");
		fields.values[FIELD_ACCEPT_LANGUAGE] = NULL;
		for (size_t field = 0; field < REQUEST_FIELDS; field++)
			assert_null(fields.values[field]);
		arena_close(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(joins_repeated_lists),
		cmocka_unit_test(refuses_repeated_single_and_oversized_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
