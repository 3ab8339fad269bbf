#include "api/query/query_template.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

/* With all parts. */
static void numbers_named_parameters(void **state)
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
		{"-- filter $a, with $b\n-- with the $c\nSELECT $d", "\n\nSELECT $1", 1},
		{"SELECT 1 - $a, x->>'$b'", "SELECT 1 - $1, x->>'$b'", 1},
		{"SELECT $1", "SELECT $1", 0},
		{"SELECT x = ANY ($a::text[])", "SELECT x = ANY ($1::text[])", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct query_template template;
		struct error err;

		assert_true(query_template_parse("thing", cases[i].sql, &template, &err));
		assert_string_equal(template.whole.text, cases[i].numbered);
		assert_string_equal(template.whole.name, "thing");
		assert_int_equal(template.whole.parameters, cases[i].count);
		assert_int_equal(template.parameters, cases[i].count);
		query_template_free(&template);
	}
}

static void refuses_malformed_text(void **state)
{
	static const struct {
		const char *sql, *names;
	} cases[] = {
		{"SELECT $a,$b,$c,$d,$e,$f,$g,$h,$i,$j,$k,$l,$m,$n,$o,$p,$q,$r,$s,$t,"
		 "$u,$v,$w,$x,$y,$z,$aa,$ab,$ac,$ad,$ae,$af,$ag,$ah,$ai,$aj,"
		 "$ak,$al,$am,$an,$ao,$ap,$aq,$ar,$as,$at,$au,$av,$aw",
		 "too many parameters"},
		{"SELECT 1\n-- end\n", "without a part"},
		{"SELECT 1\n-- with a\n$a", "no '-- end'"},
		{"SELECT 1\n-- filter contry\nAND $country", "does not use its own parameter"},
		{"-- with a\n-- with a\n-- with a\n-- with a\n-- with a\n", "nested"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct query_template template;
		struct error err;

		assert_false(query_template_parse("thing", cases[i].sql, &template, &err));
		assert_int_equal(err.kind, ERROR_INTERNAL);
		assert_non_null(strstr(err.message, cases[i].names));
		assert_null(template.text);
	}
}

/* The parameters in the order in which they first stand in the text. */
enum { DAY = 1 << 0, KIND = 1 << 1, Q = 1 << 2, TOTAL = 1 << 3 };

static void composes_given_parts(void **state)
{
	static const char sql[] = "SELECT t.id FROM thing AS t WHERE t.day <= $day\n"
				  "  -- filter kind\n AND t.kind = ANY ($kind::text[])\n"
				  "  -- filter q\n AND strpos(t.id, $q) > 0 AND $day\n"
				  "-- end\n"
				  "-- with total\n, count(\n-- with q\n$q\n-- end\n)\n-- end\n;";
	static const struct {
		uint64_t given, single;
		const char *where;
		const char *parameters[4];
	} cases[] = {
		{0, 0, "WHERE t.day <= $1\n  \n;", {"day"}},
		{DAY, KIND | Q, "WHERE t.day <= $1\n  \n;", {"day"}},
		{KIND,
		 0,
		 "WHERE t.day <= $1\n  \n AND t.kind = ANY ($2::text[])\n  \n;",
		 {"day", "kind"}},
		{KIND,
		 KIND,
		 "WHERE t.day <= $1\n  \n AND t.kind = ($2::text[])[1]\n  \n;",
		 {"day", "kind"}},
		{Q,
		 0,
		 "WHERE t.day <= $1\n  \n AND strpos(t.id, $2) > 0 AND $1\n\n;",
		 {"day", "q"}},
		{TOTAL, 0, "WHERE t.day <= $1\n  \n\n, count(\n\n)\n\n;", {"day"}},
		{TOTAL | Q,
		 0,
		 "WHERE t.day <= $1\n  \n AND strpos(t.id, $2) > 0 AND $1\n\n\n, "
		 "count(\n\n$2\n\n)\n\n;",
		 {"day", "q"}},
	};
	struct query_template template;
	struct error err;

	(void)state;
	assert_true(query_template_parse("thing", sql, &template, &err));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		unsigned char places[QUERY_PARAMETERS];
		struct query query;
		size_t count = 0;

		assert_true(query_template_compose(&template, cases[i].given, cases[i].single,
						   &query, places, &err));
		assert_string_equal(query.name, "thing");
		/* Line ends around parts do not matter. */
		for (const char *a = strstr(query.text, "WHERE"), *b = cases[i].where;; a++, b++) {
			a += strspn(a, " \n");
			b += strspn(b, " \n");
			assert_int_equal(*a, *b);
			if (!*a)
				break;
		}
		while (count < 4 && cases[i].parameters[count])
			count++;
		assert_int_equal(query.parameters, count);
		for (size_t j = 0; j < count; j++)
			assert_string_equal(template.parameter_names[places[j]],
					    cases[i].parameters[j]);
		query_template_free_query(&query);
	}
	query_template_free(&template);
}

static void compares_list_of_one_as_value(void **state)
{
	static const char sql[] = "SELECT t.id FROM thing AS t WHERE t.day <= $day\n"
				  "-- filter kind\nAND t.kind = ANY ($kind::text[])\n";
	static const struct {
		const char *kind, *part;
	} cases[] = {
		{"{x}", "t.kind = ($2::text[])[1]"},
		{"{x,y}", "t.kind = ANY ($2::text[])"},
		{"{}", "t.kind = ANY ($2::text[])"},
		{"{\"\"}", "t.kind = ANY ($2::text[])"},
		{NULL, "t.day <= $1"},
	};
	struct query_template template;
	struct error err;

	(void)state;
	assert_true(query_template_parse("thing", sql, &template, &err));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *const values[QUERY_PARAMETERS] = {"2020-01-31", cases[i].kind};
		const char *bound[QUERY_PARAMETERS];
		struct query query;

		assert_true(query_template_bind(&template, values, &query, bound, &err));
		assert_non_null(strstr(query.text, cases[i].part));
		assert_int_equal(query.parameters, cases[i].kind ? 2 : 1);
		for (size_t j = 0; j < query.parameters; j++)
			assert_ptr_equal(bound[j], values[j]);
		query_template_free_query(&query);
	}
	query_template_free(&template);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_named_parameters),
		cmocka_unit_test(refuses_malformed_text),
		cmocka_unit_test(composes_given_parts),
		cmocka_unit_test(compares_list_of_one_as_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
