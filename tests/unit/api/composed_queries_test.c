#include "api/query/composed_queries.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

static const char sql[] = "SELECT t.id FROM thing AS t WHERE t.day <= $day\n"
			  "-- filter kind\nAND t.kind = ANY ($kind::text[])\n";

static struct query_template template_named(const char *name)
{
	struct query_template template;
	struct error err;

	assert_true(query_template_parse(name, sql, &template, &err));
	return template;
}

static struct composed_query *use(struct composed_queries *table,
				  const struct query_template *template, const char *kind)
{
	const char *const values[QUERY_PARAMETERS] = {"2020-01-31", kind};
	struct composed_query *composed;
	struct error err;

	assert_true(composed_queries_use(table, template, values, &composed, &err));
	return composed;
}

static void shares_queries_of_equal_requests(void **state)
{
	struct composed_queries *table = composed_queries_open();
	struct query_template template = template_named("thing");
	struct composed_query *one = use(table, &template, "{x}");
	struct composed_query *other = use(table, &template, "{y}");
	struct composed_query *several = use(table, &template, "{x,y}");
	struct composed_query *none = use(table, &template, NULL);

	(void)state;
	assert_ptr_equal(one, other);
	assert_non_null(strstr(one->query.text, "t.kind = ($2::text[])[1]"));
	assert_non_null(strstr(several->query.text, "t.kind = ANY ($2::text[])"));
	assert_int_equal(none->query.parameters, 1);
	assert_string_not_equal(one->query.name, several->query.name);
	assert_string_not_equal(one->query.name, none->query.name);
	composed_queries_release(table, one);
	composed_queries_release(table, other);
	composed_queries_release(table, several);
	composed_queries_release(table, none);
	composed_queries_close(&table);
	assert_null(table);
	query_template_free(&template);
}

/* More texts than the table holds, the first of them in use all the time. */
static void evicts_least_recently_used(void **state)
{
	static struct query_template templates[COMPOSED_MAXIMUM + 2];
	const size_t count = sizeof templates / sizeof *templates;
	struct composed_queries *table = composed_queries_open();
	struct composed_query *held, *again, *recent;
	char name[32];

	(void)state;
	for (size_t i = 0; i < count; i++) {
		snprintf(name, sizeof name, "thing_%zu", i);
		templates[i] = template_named(name);
	}
	held = use(table, &templates[0], NULL);
	recent = use(table, &templates[1], NULL);
	composed_queries_release(table, recent);
	for (size_t i = 2; i < count; i++) {
		composed_queries_release(table, use(table, &templates[i], NULL));
		composed_queries_release(table, use(table, &templates[1], NULL));
	}
	/* The evicted query is still valid, and is composed again for others. */
	assert_memory_equal(held->query.name, "thing_0_", 8);
	again = use(table, &templates[0], NULL);
	assert_ptr_not_equal(again, held);
	assert_string_not_equal(again->query.name, held->query.name);
	assert_string_equal(again->query.text, held->query.text);
	assert_ptr_equal(use(table, &templates[1], NULL), recent);
	composed_queries_release(table, recent);
	composed_queries_release(table, again);
	composed_queries_release(table, held);
	composed_queries_close(&table);
	for (size_t i = 0; i < count; i++)
		query_template_free(&templates[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares_queries_of_equal_requests),
		cmocka_unit_test(evicts_least_recently_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
