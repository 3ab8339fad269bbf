#include "api/query/query_builder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

/* The releases of clang-format differ about braces in a macro. */
/* clang-format off */
#define FILE_OF(content) (const struct embedded){"thing", content, sizeof content - 1}
/* clang-format on */

static void test_named_parameters(void **state)
{
	static const struct {
		const char *sql, *numbered;
		size_t count;
	} cases[] = {
		{"SELECT 1", "SELECT 1", 0},
		{"SELECT $a", "SELECT $1", 1},
		{"SELECT $a, $b, $a", "SELECT $1, $2, $1", 2},
		{"SELECT $after, $after_key", "SELECT $1, $2", 2},
		{"SELECT '$a', $b::text[]", "SELECT '$a', $1::text[]", 1},
		{"SELECT 'it''s $a' || $b", "SELECT 'it''s $a' || $1", 1},
		{"-- $a and it's\nSELECT $b -- $c", "\nSELECT $1 ", 1},
		{"SELECT 1 - $a, x->>'$b'", "SELECT 1 - $1, x->>'$b'", 1},
		{"SELECT $1", "SELECT $1", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct embedded file = {"thing", cases[i].sql, strlen(cases[i].sql)};
		struct derived_query derived;
		struct error err;

		assert_true(query_builder_plain(&file, &derived, &err));
		assert_string_equal(derived.query.text, cases[i].numbered);
		assert_int_equal(derived.query.parameters, cases[i].count);
		query_builder_free(&derived);
	}
}

static void test_too_many_parameters(void **state)
{
	static const char sql[] =
		"SELECT $a,$b,$c,$d,$e,$f,$g,$h,$i,$j,$k,$l,$m,$n,$o,$p,$q,$r,$s,$t,"
		"$u,$v,$w,$x,$y,$z,$aa,$ab,$ac,$ad,$ae,$af,$ag,$ah,$ai,$aj,"
		"$ak,$al,$am,$an,$ao,$ap,$aq,$ar,$as,$at,$au,$av,$aw";
	struct embedded file = FILE_OF(sql);
	struct derived_query derived;
	struct error err;

	(void)state;
	assert_false(query_builder_plain(&file, &derived, &err));
	assert_int_equal(err.kind, ERROR_INTERNAL);
}

static bool holds(const struct derived_query *derived, const char *part)
{
	return strstr(derived->query.text, part) != NULL;
}

static bool takes(const struct derived_query *derived, const char *name)
{
	for (size_t i = 0; i < derived->query.parameters; i++)
		if (strcmp(derived->parameters[i], name) == 0)
			return true;
	return false;
}

static void test_pages(void **state)
{
	static const struct embedded file = {"thing", "SELECT t.id, t.day FROM thing AS t", 0};
	const struct document document = {
		.sql = &file,
		.key = "q.id",
		.sorts = {{.name = "day", .kind = SORT_DATE},
			  {.name = "id", .kind = SORT_TEXT},
			  {.name = "name", .kind = SORT_NAME}},
	};
	struct derived_query derived;
	struct error err;

	(void)state;
	assert_true(
		query_builder_page(&document, &document.sorts[0], false, false, &derived, &err));
	assert_string_equal(derived.query.name, "thing_by_day");
	assert_true(holds(&derived, "coalesce(q.day, 'infinity'::date)"));
	assert_true(holds(&derived, "ORDER BY sort_value ASC, sort_key ASC"));
	assert_true(holds(&derived, "::boolean IS NULL THEN NULL ELSE 501 END) AS p"));
	assert_true(takes(&derived, "few"));
	assert_false(takes(&derived, "after_value"));
	assert_true(takes(&derived, "updated_since"));

	query_builder_free(&derived);
	assert_true(query_builder_page(&document, &document.sorts[0], true, true, &derived, &err));
	assert_string_equal(derived.query.name, "thing_by_day_down_after");
	assert_true(holds(&derived, "coalesce(q.day, '-infinity'::date)"));
	assert_true(holds(&derived, "ORDER BY sort_value DESC, sort_key DESC"));
	assert_true(holds(&derived, "COLLATE \"C\") < ("));
	assert_true(takes(&derived, "after_value"));
	assert_true(takes(&derived, "after_key"));

	query_builder_free(&derived);
	assert_true(query_builder_page(&document, &document.sorts[1], false, true, &derived, &err));
	assert_true(holds(&derived, "(q.id COLLATE \"C\") > $"));
	assert_true(holds(&derived, "ORDER BY p.sort_value ASC"));
	assert_false(holds(&derived, "sort_key ASC"));
	assert_false(takes(&derived, "after_key"));

	query_builder_free(&derived);
	assert_true(query_builder_page(&document, &document.sorts[2], false, true, &derived, &err));
	assert_true(holds(&derived, "(left(q.name, 200) COLLATE \"und-x-icu\", "));
	assert_true(holds(&derived, "json_build_array((left(q.name, 200) COLLATE"));

	query_builder_free(&derived);
	assert_true(query_builder_record(&document, &derived, &err));
	assert_true(holds(&derived, "WHERE q.id = $"));
	assert_true(takes(&derived, "key"));
	query_builder_free(&derived);

	assert_true(query_builder_fields(&document, &derived, &err));
	assert_true(holds(&derived, "LIMIT 0"));
	query_builder_free(&derived);
}

static void test_keys_of_their_own_type(void **state)
{
	static const struct embedded file = {"log", "SELECT l.id, l.day, l.place FROM log AS l", 0};
	const struct document document = {
		.sql = &file,
		.key = "q.id",
		.tie = "q.place",
		.found = "q.place = $key::integer",
		.since = "q.day >= $updated_since::text::integer",
		.sorts = {{.name = "day", .kind = SORT_NUMBER}},
	};
	struct derived_query derived;
	struct error err;

	(void)state;
	assert_true(query_builder_page(&document, &document.sorts[0], false, true, &derived, &err));
	assert_true(holds(&derived, "(q.day, q.place) > ("));
	assert_true(holds(&derived, "(q.day)::text, (q.place)::text"));
	assert_true(holds(&derived, " OR q.day >= $"));
	assert_false(holds(&derived, "COLLATE"));
	query_builder_free(&derived);

	assert_true(query_builder_record(&document, &derived, &err));
	assert_true(holds(&derived, "WHERE q.place = $"));
	assert_false(holds(&derived, "q.id ="));
	query_builder_free(&derived);
}

static void test_includes(void **state)
{
	static const struct embedded inner = {
		"inner",
		"SELECT i.id FROM inner AS i WHERE $kind IS NULL OR i.kind = $kind -- $lang", 0};
	static const struct embedded outer = {
		"outer", "SELECT o.id, o.kind FROM outer AS o WHERE o.kind = $kind AND $day", 0};
	const struct document embedded = {
		.sql = &inner, .key = "q.id", .sorts = {{.name = "id", .kind = SORT_TEXT}}};
	const struct include includes[] = {{"one", &embedded, SECTION_RECORD, "q.id = around.id"},
					   {"all", &embedded, SECTION_LIST, "q.id = around.kind"},
					   {0}};
	const struct document document = {.sql = &outer,
					  .key = "q.id",
					  .sorts = {{.name = "id", .kind = SORT_TEXT}},
					  .includes = includes};
	struct derived_query derived;
	struct error err;

	(void)state;
	assert_true(query_builder_record(&document, &derived, &err));
	assert_true(takes(&derived, "include"));
	/* The filter of the list is not that of what is embedded, which nothing gives a value. */
	assert_true(takes(&derived, "kind"));
	assert_true(takes(&derived, "no_kind"));
	assert_true(takes(&derived, "day"));
	assert_false(takes(&derived, "no_day"));
	assert_true(holds(&derived, "AS q WHERE q.id = around.id)"));
	assert_true(holds(&derived, "json_agg(row_to_json(q) ORDER BY q.id COLLATE \"C\" ASC"));
	assert_false(holds(&derived, "--"));
	query_builder_free(&derived);

	assert_true(query_builder_record(&embedded, &derived, &err));
	assert_false(takes(&derived, "include"));
	assert_false(holds(&derived, "around"));
	query_builder_free(&derived);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_named_parameters),
		cmocka_unit_test(test_too_many_parameters),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_keys_of_their_own_type),
		cmocka_unit_test(test_includes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
