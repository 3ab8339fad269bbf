#include "http/negotiation/media_type.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

static void computes_quality(void **state)
{
	static const struct {
		const char *accept, *type;
		int quality;
	} cases[] = {
		{NULL, "application/json", 1000},
		{"", "application/json", 1000},
		{"*/*", "application/json", 1000},
		{"*", "application/json", 1000},
		{"text/html, image/gif, *; q=.2, */*; q=.2", "application/json", 200},
		{"application/json", "application/json", 1000},
		{"Application/JSON", "application/json", 1000},
		{"application/*", "application/json", 1000},
		{"application/*;q=0.5", "application/json", 500},
		{"application/json;q=0.25", "application/json", 250},
		{"application/json;q=0", "application/json", 0},
		{"application/json; q=0, */*", "application/json", 0},
		{"*/*, application/json;q=0", "application/json", 0},
		{"*/*;q=0, application/json", "application/json", 1000},
		{"application/*;q=0, */*", "application/json", 0},
		{"text/csv", "application/json", 0},
		{"text/*", "application/json", 0},
		{"app/*", "application/json", 0},
		{"application/json; charset=utf-8", "application/json", 1000},
		{"application/json;profile=\"a,b;q=0\";q=0.3", "application/json", 300},
		{"application/json", "application/json; charset=utf-8", 1000},
		{"application/problem+json", "application/json", 0},
		{"text/csv;header=present, application/json;q=0.1", "application/json", 100},
		{"json", "application/json", 1000},
		{"text/csv;q=1.001", "text/csv", 1000},
		{"text/csv;q=1.5, */*;q=0.1", "text/csv", 100},
		{"text/csv;q=-1, */*;q=0.1", "text/csv", 100},
		{"text/csv;q=", "text/csv", 1000},
		{"text/csv;Q=0.4", "text/csv", 400},
		{"text/csv;q=0.12345, */*;q=0.1", "text/csv", 100},
		{",,text/csv;q=0.1,,", "text/csv", 100},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		print_message("%s\n", cases[i].accept ? cases[i].accept : "-");
		assert_int_equal(media_type_quality(cases[i].accept, cases[i].type),
				 cases[i].quality);
	}
}

static void picks_media_types(void **state)
{
	static const struct media_type *const offered[] = {&media_type_json, &media_type_csv,
							   &media_type_ndjson, NULL};
	static const struct {
		const char *accept, *format;
		const struct media_type *picked; /* NULL: fails */
		enum error_kind kind;
		const char *listed;
	} cases[] = {
		{NULL, NULL, &media_type_json, 0, NULL},
		{"*/*", NULL, &media_type_json, 0, NULL},
		{"text/csv", NULL, &media_type_csv, 0, NULL},
		{"text/*", NULL, &media_type_csv, 0, NULL},
		{"application/*", NULL, &media_type_json, 0, NULL},
		{"text/csv, application/json", NULL, &media_type_json, 0, NULL},
		{"text/csv, application/json;q=0.9", NULL, &media_type_csv, 0, NULL},
		{"application/json;q=0, */*", NULL, &media_type_csv, 0, NULL},
		{"application/x-ndjson, */*;q=0.1", NULL, &media_type_ndjson, 0, NULL},
		{"text/html", NULL, NULL, ERROR_NOT_ACCEPTABLE,
		 "application/json, text/csv, application/x-ndjson"},
		{"application/atom+xml", NULL, NULL, ERROR_NOT_ACCEPTABLE, "text/csv"},
		{"*/*;q=0", NULL, NULL, ERROR_NOT_ACCEPTABLE, "text/csv"},
		{"text/html", "csv", &media_type_csv, 0, NULL},
		{NULL, "ndjson", &media_type_ndjson, 0, NULL},
		{NULL, "atom", NULL, ERROR_BAD_REQUEST, "json, csv, ndjson"},
		{NULL, "JSON", NULL, ERROR_BAD_REQUEST, "json, csv, ndjson"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct media_type *picked = NULL;
		struct error err;

		print_message("%s %s\n", cases[i].accept ? cases[i].accept : "-",
			      cases[i].format ? cases[i].format : "-");
		assert_int_equal(
			media_type_pick(offered, cases[i].accept, cases[i].format, &picked, &err),
			cases[i].picked != NULL);
		assert_ptr_equal(picked, cases[i].picked);
		if (picked)
			continue;
		assert_int_equal(err.kind, cases[i].kind);
		assert_non_null(strstr(err.message, cases[i].listed));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(computes_quality),
		cmocka_unit_test(picks_media_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
