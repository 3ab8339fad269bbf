#include "api/query/query_builder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

/* Looks in the query with all parts, or with none. */
static bool holds_in(const struct query_template *template, bool all, const char *part)
{
	unsigned char places[QUERY_PARAMETERS];
	struct query query;
	struct error err;
	bool found;

	assert_true(
		query_template_compose(template, all ? UINT64_MAX : 0, 0, &query, places, &err));
	found = strstr(query.text, part) != NULL;
	query_template_free_query(&query);
	return found;
}

static bool holds(const struct query_template *template, const char *part)
{
	return holds_in(template, true, part);
}

static bool takes(const struct query_template *template, const char *name)
{
	for (size_t i = 0; i < template->parameters; i++)
		if (strcmp(template->parameter_names[i], name) == 0)
			return true;
	return false;
}

static void builds_pages(void **state)
{
	static const struct embedded file = {"thing", "SELECT t.id, t.day FROM thing AS t", 0};
	const struct document document = {
		.sql = &file,
		.key = "q.id",
		.sorts = {{.name = "day", .kind = SORT_DATE},
			  {.name = "id", .kind = SORT_TEXT},
			  {.name = "name", .kind = SORT_NAME}},
	};
	struct query_template page;
	struct error err;

	(void)state;
	assert_true(query_builder_page(&document, &document.sorts[0], false, &page, &err));
	assert_string_equal(page.name, "thing_by_day");
	assert_non_null(page.whole.text);
	assert_true(holds(&page, "coalesce(q.day, 'infinity'::date)"));
	assert_true(holds(&page, "ORDER BY sort_value ASC, sort_key ASC"));
	assert_true(holds(&page, "LIMIT 501"));
	assert_true(holds(&page, "count(*)"));
	assert_true(holds(&page, "json_members("));
	assert_true(holds(&page, ">= $"));
	assert_true(takes(&page, "after_key"));
	query_template_free(&page);

	assert_true(query_builder_page(&document, &document.sorts[0], true, &page, &err));
	assert_string_equal(page.name, "thing_by_day_down");
	assert_true(holds(&page, "coalesce(q.day, '-infinity'::date)"));
	assert_true(holds(&page, "ORDER BY sort_value DESC, sort_key DESC"));
	assert_true(holds(&page, "COLLATE \"C\") < ("));
	query_template_free(&page);

	assert_true(query_builder_page(&document, &document.sorts[1], false, &page, &err));
	assert_true(holds(&page, "(q.id COLLATE \"C\") > $"));
	assert_true(holds(&page, "ORDER BY p.sort_value ASC"));
	assert_false(holds(&page, "sort_key ASC"));
	assert_false(takes(&page, "after_key"));
	query_template_free(&page);

	assert_true(query_builder_page(&document, &document.sorts[2], false, &page, &err));
	assert_true(holds(&page, "(left(q.name, 200) COLLATE \"und-x-icu\", "));
	assert_true(holds(&page, "json_build_array((left(q.name, 200) COLLATE"));
	query_template_free(&page);

	assert_true(query_builder_record(&document, &page, &err));
	assert_non_null(page.whole.text);
	assert_true(holds(&page, "WHERE q.id = $"));
	assert_true(takes(&page, "key"));
	query_template_free(&page);

	assert_true(query_builder_fields(&document, &page, &err));
	assert_non_null(strstr(page.whole.text, "LIMIT 0"));
	query_template_free(&page);
}

/* What a request does not ask for is not in its query. */
static void leaves_out_optional_parts(void **state)
{
	static const char *const parts[] = {"LIMIT",	   "count(*)",	"json_members",
					    "updated_at",  "t.kind",	"$",
					    "around.kind", "json_with", "sort_value > "};
	static const struct embedded file = {
		"thing",
		"SELECT t.id, t.day FROM thing AS t\nWHERE true\n  -- filter kind\n"
		"  AND t.kind = ANY ($kind::text[])\n",
		0};
	static const struct document other = {.sql = &file, .key = "q.id"};
	const struct include includes[] = {{"one", &other, SECTION_RECORD, "q.id = around.kind"},
					   {0}};
	const struct document document = {.sql = &file,
					  .key = "q.id",
					  .sorts = {{.name = "day", .kind = SORT_DATE}},
					  .includes = includes};
	struct query_template page;
	struct error err;

	(void)state;
	assert_true(query_builder_page(&document, &document.sorts[0], false, &page, &err));
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		assert_false(holds_in(&page, false, parts[i]));
	assert_true(holds(&page, "t.kind = ANY ($"));
	query_template_free(&page);
}

static void sorts_by_keys_of_another_type(void **state)
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
	struct query_template template;
	struct error err;

	(void)state;
	assert_true(query_builder_page(&document, &document.sorts[0], false, &template, &err));
	assert_true(holds(&template, "(q.day, q.place) > ("));
	assert_true(holds(&template, "(q.day)::text, (q.place)::text"));
	assert_true(holds(&template, "AND q.day >= $"));
	assert_false(holds(&template, "COLLATE"));
	query_template_free(&template);

	assert_true(query_builder_record(&document, &template, &err));
	assert_true(holds(&template, "WHERE q.place = $"));
	assert_false(holds(&template, "q.id ="));
	query_template_free(&template);
}

static void embeds_rows_without_their_filters(void **state)
{
	static const struct embedded inner = {
		"inner",
		"SELECT i.id, $lang AS l FROM inner AS i\nWHERE true -- $day\n"
		"  -- filter kind\n  AND i.kind = $kind\n",
		0};
	static const struct embedded outer = {"outer",
					      "SELECT o.id FROM outer AS o\nWHERE o.day = $day\n"
					      "  -- filter status\n  AND o.status = $status\n",
					      0};
	const struct document embedded = {
		.sql = &inner, .key = "q.id", .sorts = {{.name = "id", .kind = SORT_TEXT}}};
	const struct include includes[] = {{"one", &embedded, SECTION_RECORD, "q.id = around.id"},
					   {"all", &embedded, SECTION_LIST, "q.id = around.kind"},
					   {0}};
	const struct document document = {.sql = &outer,
					  .key = "q.id",
					  .sorts = {{.name = "id", .kind = SORT_TEXT}},
					  .includes = includes};
	struct query_template template;
	struct error err;

	(void)state;
	assert_true(query_builder_record(&document, &template, &err));
	assert_true(takes(&template, "include"));
	assert_true(takes(&template, "status"));
	assert_true(takes(&template, "day"));
	assert_true(takes(&template, "lang"));
	assert_false(takes(&template, "kind"));
	assert_true(holds(&template, "AS q WHERE q.id = around.id)"));
	assert_true(holds(&template, "json_agg(row_to_json(q) ORDER BY q.id COLLATE \"C\" ASC"));
	assert_false(holds(&template, "--"));
	query_template_free(&template);

	assert_true(query_builder_record(&embedded, &template, &err));
	assert_false(takes(&template, "include"));
	assert_false(holds(&template, "around"));
	query_template_free(&template);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(builds_pages),
		cmocka_unit_test(leaves_out_optional_parts),
		cmocka_unit_test(sorts_by_keys_of_another_type),
		cmocka_unit_test(embeds_rows_without_their_filters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
