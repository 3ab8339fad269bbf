#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "command/doctor/report.h"
#include "command/doctor/check_database.h"

#include <string.h>

static void writes_text_and_json(void **state)
{
	CLEANUP(report_free) struct report report = {0};
	CLEANUP(buffer_free) struct buffer text = {0};
	CLEANUP(buffer_free) struct buffer json = {0};
	struct check *check;

	(void)state;
	report_result(report_begin(&report, "first"), OUTCOME_OK, NULL, "It is %s.", "fine");
	check = report_begin(&report, "second");
	for (int i = 0; i < 5; i++)
		report_item(check, "one\ntwo", "{\"n\":1}");
	report_result(check, OUTCOME_WARNING, "Repair it.", "Some are \"odd\"");
	report_result(report_begin(&report, "third"), OUTCOME_SKIPPED, NULL, "nothing there");

	report_text(&report, &text);
	assert_string_equal(
		text.bytes,
		"ok       first            It is fine.\n"
		"warning  second           Some are \"odd\": one two, one two, one two and 2 more. "
		"Repair it.\n"
		"skipped  third            nothing there.\n"
		"3 checks: 1 ok, 1 with warnings, 0 failed, 1 skipped.\n");
	report_json(&report, &json);
	assert_string_equal(
		json.bytes,
		"{\"version\":\"" CYBERTREATY_VERSION "\",\"outcome\":\"warning\",\"checks\":["
		"{\"name\":\"first\",\"outcome\":\"ok\",\"message\":\"It is "
		"fine.\",\"advice\":null,"
		"\"items\":[],\"more\":0},"
		"{\"name\":\"second\",\"outcome\":\"warning\",\"message\":\"Some are \\\"odd\\\"\","
		"\"advice\":\"Repair "
		"it.\",\"items\":[{\"n\":1},{\"n\":1},{\"n\":1},{\"n\":1},{\"n\":1}"
		"],\"more\":0},"
		"{\"name\":\"third\",\"outcome\":\"skipped\",\"message\":\"nothing there\","
		"\"advice\":null,\"items\":[],\"more\":0}]}\n");
}

static void bounds_listed_items(void **state)
{
	CLEANUP(report_free) struct report report = {0};
	CLEANUP(buffer_free) struct buffer text = {0};
	CLEANUP(buffer_free) struct buffer json = {0};
	struct check *check = report_begin(&report, "long");
	size_t listed = 0;

	(void)state;
	for (int i = 0; i < 1002; i++)
		report_item(check, "a", "1");
	report_result(check, OUTCOME_WARNING, NULL, "Many");
	report_text(&report, &text);
	assert_non_null(strstr(text.bytes, "Many: a, a, a and 999 more.\n"));
	report_json(&report, &json);
	assert_non_null(strstr(json.bytes, ",1,1],\"more\":2}]}"));
	for (const char *at = strstr(json.bytes, "\"items\":["); *at != ']'; at++)
		listed += *at == '1';
	assert_int_equal(listed, 1000);
}

static void returns_exit_status(void **state)
{
	static const struct {
		enum outcome_kind first, second;
		int status, strict;
	} cases[] = {
		{OUTCOME_OK, OUTCOME_OK, 0, 0},		 {OUTCOME_OK, OUTCOME_SKIPPED, 0, 0},
		{OUTCOME_WARNING, OUTCOME_OK, 0, 3},	 {OUTCOME_FAILED, OUTCOME_OK, 1, 1},
		{OUTCOME_FAILED, OUTCOME_WARNING, 1, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP(report_free) struct report report = {0};

		report_result(report_begin(&report, "a"), cases[i].first, NULL, "x");
		report_result(report_begin(&report, "b"), cases[i].second, NULL, "x");
		assert_int_equal(report_status(&report, false), cases[i].status);
		assert_int_equal(report_status(&report, true), cases[i].strict);
		assert_int_equal(report_failed(&report, "a"), cases[i].first == OUTCOME_FAILED);
		assert_false(report_failed(&report, "c"));
	}
}

static void judges_versions(void **state)
{
	static const struct {
		long major;
		enum outcome_kind outcome;
	} cases[] = {
		{14, OUTCOME_FAILED}, {15, OUTCOME_OK}, {17, OUTCOME_OK}, {18, OUTCOME_WARNING}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP(report_free) struct report report = {0};
		struct check *check = report_begin(&report, "database");

		check_database_version(check, cases[i].major, "1.2", "reader");
		assert_int_equal(check->outcome, cases[i].outcome);
		assert_int_equal(check->advice == NULL, cases[i].outcome == OUTCOME_OK);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_text_and_json),
		cmocka_unit_test(bounds_listed_items),
		cmocka_unit_test(returns_exit_status),
		cmocka_unit_test(judges_versions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
