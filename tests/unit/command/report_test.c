#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "command/doctor/report.h"
#include "command/doctor/doctor.h"

#include <string.h>

static void tells_people_and_programs(void **state)
{
	CLEANUP(report_free) struct report diagnosis = {0};
	CLEANUP(buffer_free) struct buffer text = {0};
	CLEANUP(buffer_free) struct buffer json = {0};
	struct check *check;

	(void)state;
	report_says(report_begin(&diagnosis, "first"), OUTCOME_OK, NULL, "It is %s.", "fine");
	check = report_begin(&diagnosis, "second");
	for (int i = 0; i < 5; i++)
		report_item(check, "one\ntwo", "{\"n\":1}");
	report_says(check, OUTCOME_WARNING, "Mend it.", "Some are \"odd\"");
	report_says(report_begin(&diagnosis, "third"), OUTCOME_SKIPPED, NULL, "nothing there");

	report_text(&diagnosis, &text);
	assert_string_equal(
		text.bytes,
		"ok       first            It is fine.\n"
		"warning  second           Some are \"odd\": one two, one two, one two and 2 more. "
		"Mend it.\n"
		"skipped  third            nothing there.\n"
		"3 checks: 1 ok, 1 with warnings, 0 failed, 1 skipped.\n");
	report_json(&diagnosis, &json);
	assert_string_equal(
		json.bytes,
		"{\"version\":\"" CYBERTREATY_VERSION "\",\"outcome\":\"warning\",\"checks\":["
		"{\"name\":\"first\",\"outcome\":\"ok\",\"says\":\"It is fine.\",\"mend\":null,"
		"\"items\":[],\"more\":0},"
		"{\"name\":\"second\",\"outcome\":\"warning\",\"says\":\"Some are \\\"odd\\\"\","
		"\"mend\":\"Mend it.\",\"items\":[{\"n\":1},{\"n\":1},{\"n\":1},{\"n\":1},{\"n\":1}"
		"],\"more\":0},"
		"{\"name\":\"third\",\"outcome\":\"skipped\",\"says\":\"nothing there\","
		"\"mend\":null,\"items\":[],\"more\":0}]}\n");
}

static void bounds_what_it_lists(void **state)
{
	CLEANUP(report_free) struct report diagnosis = {0};
	CLEANUP(buffer_free) struct buffer text = {0};
	CLEANUP(buffer_free) struct buffer json = {0};
	struct check *check = report_begin(&diagnosis, "long");
	size_t listed = 0;

	(void)state;
	for (int i = 0; i < 1002; i++)
		report_item(check, "a", "1");
	report_says(check, OUTCOME_WARNING, NULL, "Many");
	report_text(&diagnosis, &text);
	assert_non_null(strstr(text.bytes, "Many: a, a, a and 999 more.\n"));
	report_json(&diagnosis, &json);
	assert_non_null(strstr(json.bytes, ",1,1],\"more\":2}]}"));
	for (const char *at = strstr(json.bytes, "\"items\":["); *at != ']'; at++)
		listed += *at == '1';
	assert_int_equal(listed, 1000);
}

static void gives_an_exit_status(void **state)
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
		CLEANUP(report_free) struct report diagnosis = {0};

		report_says(report_begin(&diagnosis, "a"), cases[i].first, NULL, "x");
		report_says(report_begin(&diagnosis, "b"), cases[i].second, NULL, "x");
		assert_int_equal(report_status(&diagnosis, false), cases[i].status);
		assert_int_equal(report_status(&diagnosis, true), cases[i].strict);
		assert_int_equal(report_failed(&diagnosis, "a"), cases[i].first == OUTCOME_FAILED);
		assert_false(report_failed(&diagnosis, "c"));
	}
}

static void knows_versions(void **state)
{
	static const struct {
		long major;
		enum outcome_kind outcome;
	} cases[] = {
		{14, OUTCOME_FAILED}, {15, OUTCOME_OK}, {17, OUTCOME_OK}, {18, OUTCOME_WARNING}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP(report_free) struct report diagnosis = {0};
		struct check *check = report_begin(&diagnosis, "database");

		doctor_version(check, cases[i].major, "1.2", "reader");
		assert_int_equal(check->outcome, cases[i].outcome);
		assert_int_equal(check->mend == NULL, cases[i].outcome == OUTCOME_OK);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_people_and_programs),
		cmocka_unit_test(bounds_what_it_lists),
		cmocka_unit_test(gives_an_exit_status),
		cmocka_unit_test(knows_versions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
