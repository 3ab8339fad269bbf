#include "api/query/query_specialiser.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

static const struct embedded file = {
	"thing",
	"SELECT t.id FROM thing AS t "
	"WHERE ($kind::text[] IS NULL OR t.kind = ANY ($kind)) "
	"AND ($q::text IS NULL OR strpos(t.id, $q) > 0) AND t.note <> '$kind IS NULL' "
	"AND ($has::text[] IS NULL OR 'x' = ANY ($has)) AND t.day <= $day::date "
	"AND (t.free OR $has IS NULL OR t.sold)",
	0};

/* The parameters in the order in which they stand in the text. */
enum { KIND = 1 << 0, Q = 1 << 1, HAS = 1 << 2, DAY = 1 << 3, ALL = KIND | Q | HAS | DAY };

static const struct {
	uint64_t given, single;
	const char *where;
	const char *parameters[5];
} cases[] = {
	{0,
	 0,
	 "WHERE (NULL::text[] IS NULL OR t.kind = ANY (NULL::text[])) "
	 "AND (NULL::text IS NULL OR strpos(t.id, NULL::text) > 0) AND t.note <> '$kind IS NULL' "
	 "AND (NULL::text[] IS NULL OR 'x' = ANY (NULL::text[])) AND t.day <= NULL::date "
	 "AND (t.free OR NULL::text[] IS NULL OR t.sold)",
	 {NULL}},
	{ALL,
	 0,
	 "WHERE (t.kind = ANY ($1::text[])) "
	 "AND (strpos(t.id, $2::text) > 0) AND t.note <> '$kind IS NULL' "
	 "AND ('x' = ANY ($3::text[])) AND t.day <= $4::date "
	 "AND (t.free OR false OR t.sold)",
	 {"kind", "q", "has", "day"}},
	{HAS | DAY,
	 HAS,
	 "WHERE (NULL::text[] IS NULL OR t.kind = ANY (NULL::text[])) "
	 "AND (NULL::text IS NULL OR strpos(t.id, NULL::text) > 0) AND t.note <> '$kind IS NULL' "
	 "AND ('x' = ($1::text[])[1]) AND t.day <= $2::date "
	 "AND (t.free OR false OR t.sold)",
	 {"has", "day"}},
};

static void test_texts(void **state)
{
	struct derived_query general, narrowed;
	struct error err;

	(void)state;
	assert_true(query_builder_plain(&file, &general, &err));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_true(narrow(&general, cases[i].given, cases[i].single, "thing_1", &narrowed,
				   &err));
		assert_string_equal(strstr(narrowed.query.text, "WHERE"), cases[i].where);
		assert_string_equal(narrowed.query.name, "thing_1");
		assert_true(narrowed.query.late);
		for (size_t j = 0; j < narrowed.query.parameters; j++)
			assert_string_equal(narrowed.parameters[j], cases[i].parameters[j]);
		assert_null(cases[i].parameters[narrowed.query.parameters]);
		query_builder_free(&narrowed);
	}
	query_builder_free(&general);
}

static void test_values_follow(void **state)
{
	const char *values[QUERY_PARAMETERS] = {NULL, NULL, "{x}", "2020-01-31"};
	const char *others[QUERY_PARAMETERS] = {NULL, NULL, "{x,y}", "2020-01-31"};
	struct narrowed *all = query_specialiser_open();
	const struct derived_query *found;
	struct derived_query general;
	struct error err;

	(void)state;
	assert_true(query_builder_plain(&file, &general, &err));
	found = query_specialiser_get(all, &general, values);
	assert_int_equal(found->query.parameters, 2);
	assert_string_equal(values[0], "{x}");
	assert_string_equal(values[1], "2020-01-31");

	/* Several values are another statement than one; equal requests share theirs. */
	assert_ptr_not_equal(query_specialiser_get(all, &general, others), found);
	others[0] = others[1] = NULL;
	others[2] = "{y}";
	others[3] = "2020-02-01";
	assert_ptr_equal(query_specialiser_get(all, &general, others), found);
	query_specialiser_close(&all);
	assert_null(all);
	query_builder_free(&general);
}

static void test_maximum(void **state)
{
	static struct derived_query generals[NARROW_MAXIMUM + 1];
	struct narrowed *all = query_specialiser_open();
	struct error err;

	(void)state;
	for (size_t i = 0; i <= NARROW_MAXIMUM; i++) {
		const char *values[QUERY_PARAMETERS] = {"{x}"};

		assert_true(query_builder_plain(&file, &generals[i], &err));
		if (i < NARROW_MAXIMUM)
			assert_ptr_not_equal(query_specialiser_get(all, &generals[i], values),
					     &generals[i]);
		else
			assert_ptr_equal(query_specialiser_get(all, &generals[i], values),
					 &generals[i]);
		assert_string_equal(values[0], "{x}");
	}
	query_specialiser_close(&all);
	for (size_t i = 0; i <= NARROW_MAXIMUM; i++)
		query_builder_free(&generals[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_values_follow),
		cmocka_unit_test(test_maximum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
