#include "api/query/query_catalogue.h"

#include "api/documents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

/* One computed value with named parameters. */
static const struct embedded comparison_file = {
	"comparison", "SELECT $one::text AS one, $other::text AS other", 0};
static const struct document comparison = {.sql = &comparison_file};

/* A list whose page query is not derived from its rows. */
static const struct embedded ranked_file = {
	"ranked", "SELECT t.id FROM thing AS t\nWHERE true\n  -- filter q\n  AND t.id = $q\n", 0};
static const struct embedded ranked_page_file = {
	"ranked_page", "SELECT r.* FROM ranked($q, $after_value, $limit) AS r", 0};
static const struct document ranked = {
	.sql = &ranked_file,
	.page = &ranked_page_file,
	.key = "q.id",
	.sorts = {{.name = "rank", .kind = SORT_NUMBER, .descending = true}},
};

static void derives_queries_of_all_documents(void **state)
{
	struct query_catalogue *catalogue;
	struct error err;
	size_t count = 0;

	(void)state;
	assert_true(query_catalogue_open(documents, &catalogue, &err));
	for (size_t i = 0; documents[i]; i++) {
		const struct document_queries *queries =
			query_catalogue_find(catalogue, documents[i]);

		assert_ptr_equal(queries->document, documents[i]);
		assert_true(queries->record || queries->sections);
	}
	while (catalogue->whole[count])
		count++;
	assert_int_equal(count, catalogue->template_count);
	/* Documents of one file share its queries. */
	assert_ptr_equal(query_catalogue_find(catalogue, &document_reservations)->record,
			 query_catalogue_find(catalogue, &document_statements)->record);
	query_catalogue_close(&catalogue);
	assert_null(catalogue);
}

static void derives_one_value_of_document_without_key(void **state)
{
	static const struct document *const list[] = {&comparison, NULL};
	const struct document_queries *queries;
	struct query_catalogue *catalogue;
	struct error err;

	(void)state;
	assert_true(query_catalogue_open(list, &catalogue, &err));
	queries = query_catalogue_find(catalogue, &comparison);
	assert_null(queries->page[0][0]);
	assert_null(queries->spelling);
	assert_null(strstr(queries->record->whole.text, "WHERE"));
	assert_int_equal(queries->record->parameters, 3);
	assert_string_equal(queries->record->parameter_names[0], "fields");
	assert_string_equal(queries->record->parameter_names[1], "one");
	assert_string_equal(queries->record->parameter_names[2], "other");
	assert_string_equal(documents_identifier(&comparison), "links");
	query_catalogue_close(&catalogue);
}

static void uses_page_query_of_document(void **state)
{
	static const struct document *const list[] = {&ranked, NULL};
	const struct document_queries *queries;
	struct query_catalogue *catalogue;
	struct error err;

	(void)state;
	assert_true(query_catalogue_open(list, &catalogue, &err));
	queries = query_catalogue_find(catalogue, &ranked);
	assert_string_equal(queries->page[0][true]->whole.text,
			    "SELECT r.* FROM ranked($1, $2, $3) AS r");
	assert_non_null(strstr(queries->record->whole.text, "t.id = $"));
	query_catalogue_close(&catalogue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(derives_queries_of_all_documents),
		cmocka_unit_test(derives_one_value_of_document_without_key),
		cmocka_unit_test(uses_page_query_of_document),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
