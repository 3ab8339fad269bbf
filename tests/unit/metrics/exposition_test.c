#include "metrics/exposition.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/banned.h"

static void fill(struct exposition *text)
{
	exposition_family(text, EXPOSE_COUNTER, "a", "Counted.");
	exposition_count(text, "", "x=\"1\"", 7);
	exposition_family(text, EXPOSE_HISTOGRAM, "b_seconds", "Timed.");
	exposition_count(text, "_bucket", "le=\"+Inf\"", 2);
	exposition_seconds(text, "_sum", NULL, 1000001);
	exposition_count(text, "_count", NULL, UINT64_MAX);
	exposition_single(text, EXPOSE_GAUGE, "c", "Measured.", 0);
	exposition_end(text);
}

static void writes_the_plain_format(void **state)
{
	struct exposition text = {0};

	(void)state;
	fill(&text);
	assert_string_equal(text.text.bytes, "# HELP a_total Counted.\n# TYPE a_total counter\n"
					     "a_total{x=\"1\"} 7\n"
					     "# HELP b_seconds Timed.\n# TYPE b_seconds histogram\n"
					     "b_seconds_bucket{le=\"+Inf\"} 2\n"
					     "b_seconds_sum 1.000001\n"
					     "b_seconds_count 18446744073709551615\n"
					     "# HELP c Measured.\n# TYPE c gauge\nc 0\n");
	buffer_free(&text.text);
}

static void writes_openmetrics(void **state)
{
	struct exposition text = {.openmetrics = true};

	(void)state;
	fill(&text);
	assert_string_equal(text.text.bytes, "# HELP a Counted.\n# TYPE a counter\n"
					     "a_total{x=\"1\"} 7\n"
					     "# HELP b_seconds Timed.\n# TYPE b_seconds histogram\n"
					     "b_seconds_bucket{le=\"+Inf\"} 2\n"
					     "b_seconds_sum 1.000001\n"
					     "b_seconds_count 18446744073709551615\n"
					     "# HELP c Measured.\n# TYPE c gauge\nc 0\n# EOF\n");
	buffer_free(&text.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_the_plain_format),
		cmocka_unit_test(writes_openmetrics),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
