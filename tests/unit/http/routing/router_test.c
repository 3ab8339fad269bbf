#include "http/routing/router.h"

#include "http/message/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

static const struct route table[] = {
	{.method = "GET", .template = "/", .operation = "root"},
	{.method = "GET", .template = "/v1", .operation = "entry"},
	{.method = "GET", .template = "/v1/countries", .operation = "list"},
	{.method = "GET", .template = "/v1/countries/{code}", .operation = "get"},
	{.method = "DELETE", .template = "/v1/countries/{code}", .operation = "remove"},
	{.method = "GET", .template = "/v1/{kind}/latest", .operation = "latest"},
	{.method = "GET", .template = "/v1/countries/{code}/status", .operation = "status"},
	{.method = "GET", .template = "/v1/{any}/{thing}", .operation = "thing"},
	{.method = "POST", .template = "/v1/notes", .operation = "add"},
	{0},
};

static void finds_routes(void **state)
{
	static const struct {
		const char *method, *path;
		enum router_outcome outcome;
		const char *operation;
	} cases[] = {
		{"GET", "/", ROUTE_FOUND, "root"},
		{"GET", "/v1", ROUTE_FOUND, "entry"},
		{"GET", "/v1/", ROUTE_OTHER_ADDRESS, "entry"},
		{"GET", "/V1", ROUTE_OTHER_ADDRESS, "entry"},
		{"GET", "/v1/countries", ROUTE_FOUND, "list"},
		{"HEAD", "/v1/countries", ROUTE_FOUND, "list"},
		{"OPTIONS", "/v1/countries", ROUTE_FOUND, "list"},
		{"GET", "/v1/countries/", ROUTE_OTHER_ADDRESS, "list"},
		{"GET", "/v1/Countries", ROUTE_OTHER_ADDRESS, "list"},
		{"GET", "/v1/countries/RO", ROUTE_FOUND, "get"},
		{"GET", "/v1/countries/RO/", ROUTE_OTHER_ADDRESS, "get"},
		{"DELETE", "/v1/countries/RO", ROUTE_FOUND, "remove"},
		{"POST", "/v1/countries/RO", ROUTE_WRONG_METHOD, "get"},
		{"GET", "/v1/countries/latest", ROUTE_FOUND, "get"},
		{"GET", "/v1/sources/latest", ROUTE_FOUND, "latest"},
		{"GET", "/v1/sources/x", ROUTE_FOUND, "thing"},
		{"GET", "/v1/countries/RO/status", ROUTE_FOUND, "status"},
		{"GET", "/v1/countries/RO/notes", ROUTE_UNKNOWN_PATH, NULL},
		{"GET", "/v1/countries/RO/status/x", ROUTE_UNKNOWN_PATH, NULL},
		{"GET", "/v1/notes", ROUTE_WRONG_METHOD, "add"},
		{"HEAD", "/v1/notes", ROUTE_WRONG_METHOD, "add"},
		{"OPTIONS", "/v1/notes", ROUTE_FOUND, "add"},
		{"TRACE", "/v1", ROUTE_WRONG_METHOD, "entry"},
		{"GET", "/v10", ROUTE_UNKNOWN_PATH, NULL},
		{"GET", "", ROUTE_UNKNOWN_PATH, NULL},
		{"GET", "v1", ROUTE_UNKNOWN_PATH, NULL},
		{"get", "/v1/countries", ROUTE_UNKNOWN_METHOD, NULL},
		{"", "/v1/countries", ROUTE_UNKNOWN_METHOD, NULL},
		{"BREW", "/nowhere", ROUTE_UNKNOWN_METHOD, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct route_match match = {0};

		print_message("%s %s\n", cases[i].method, cases[i].path);
		assert_int_equal(router_find(table, cases[i].method, cases[i].path, &match),
				 cases[i].outcome);
		assert_int_equal(!match.route, !cases[i].operation);
		if (match.route)
			assert_string_equal(match.route->operation, cases[i].operation);
	}
}

static void returns_the_segments(void **state)
{
	struct route_match match;

	(void)state;
	assert_int_equal(router_find(table, "GET", "/v1/a/bc", &match), ROUTE_FOUND);
	assert_int_equal(match.count, 2);
	assert_memory_equal(match.segments[0].name, "any", match.segments[0].name_length);
	assert_int_equal(match.segments[0].length, 1);
	assert_memory_equal(match.segments[1].name, "thing", match.segments[1].name_length);
	assert_memory_equal(match.segments[1].text, "bc", match.segments[1].length);
}

static void assert_allow(const char *template, const char *expected)
{
	struct arena *arena = arena_open(LIMIT_ARENA);
	const char *allow = router_allow(table, template, arena);

	assert_non_null(allow);
	assert_string_equal(allow, expected);
	arena_close(&arena);
}

static void lists_methods(void **state)
{
	(void)state;
	assert_allow("/v1", "GET, HEAD, OPTIONS");
	assert_allow("/v1/notes", "OPTIONS, POST");
	assert_allow("/v1/countries/{code}", "GET, HEAD, OPTIONS, DELETE");
	assert_allow(NULL, "GET, HEAD, OPTIONS, POST, DELETE");
}

static void recognises_other_versions(void **state)
{
	static const struct {
		const char *path;
		bool other;
	} cases[] = {
		{"/v2", true},	  {"/v2/countries", true}, {"/V12/x", true}, {"/v1", false},
		{"/V1/x", false}, {"/v", false},	   {"/v2x", false},  {"/", false},
		{"", false},	  {"/countries", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t length = 0;
		const char *version = router_other_version(table, cases[i].path, &length);

		print_message("%s\n", cases[i].path);
		assert_int_equal(version != NULL, cases[i].other);
		if (version) {
			assert_int_equal(length, 3);
			assert_memory_equal(version, "/v1", length);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_routes),
		cmocka_unit_test(returns_the_segments),
		cmocka_unit_test(lists_methods),
		cmocka_unit_test(recognises_other_versions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
