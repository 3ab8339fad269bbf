#include "http/observe/request_metrics.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

static const char *const served[] = {"getEntry", "listCountries"};
static struct route routes[3] = {{.method = "GET"}, {.method = "GET"}};

static int set_up(void **state)
{
	struct request_metrics *metrics = NULL;
	struct error err;

	for (int i = 0; i < 2; i++)
		routes[i].operation = served[i];
	if (!request_metrics_open(routes, &metrics, &err))
		return -1;
	*state = metrics;
	return 0;
}

static int tear_down(void **state)
{
	struct request_metrics *metrics = *state;

	request_metrics_close(&metrics);
	return 0;
}

static size_t status_at(int status)
{
	size_t place = 0;

	while (request_metrics_statuses[place] != status)
		place++;
	return place;
}

static size_t format_at(const char *name)
{
	size_t place = 0;

	while (strcmp(request_metrics_formats[place].name, name) != 0)
		place++;
	return place;
}

static void counts_by_operation_status_and_representation(void **state)
{
	static const struct {
		int status, counted_as;
		const char *media_type, *format;
	} cases[] = {
		{200, 200, "application/json", "json"},
		{200, 200, "application/json; charset=utf-8", "json"},
		{200, 200, "text/csv", "csv"},
		{200, 200, "text/css", "other"},
		{200, 200, "text/csvx", "other"},
		{200, 200, "", "other"},
		{304, 304, NULL, "none"},
		{404, 404, "application/problem+json", "problem"},
		{418, 0, NULL, "none"},
		{-1, 0, NULL, "none"},
	};
	const struct request_metrics_row *rows;
	size_t count;

	rows = request_metrics_rows(*state, &count);
	assert_int_equal(count, 3);
	assert_string_equal(rows[1].operation, "listCountries");
	assert_string_equal(rows[2].operation, "none");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const _Atomic uint64_t *cell = &rows[1].responses[status_at(cases[i].counted_as)]
								 [format_at(cases[i].format)];
		uint64_t before = *cell;

		request_metrics_count(*state, served[1], cases[i].status, cases[i].media_type, 10,
				      1);
		assert_int_equal(*cell, before + 1);
		assert_string_equal(request_metrics_format(cases[i].media_type), cases[i].format);
	}
	assert_int_equal(rows[1].bytes, 10 * sizeof cases / sizeof *cases);
	request_metrics_count(*state, NULL, 404, NULL, 0, 1);
	assert_int_equal(rows[2].responses[status_at(404)][format_at("none")], 1);
	assert_int_equal(rows[0].microseconds, 0);
}

static void sorts_durations_into_buckets(void **state)
{
	static const struct {
		uint64_t microseconds;
		size_t bucket;
	} cases[] = {
		{0, 0},	   {100, 0},	  {101, 1},	 {250, 1},
		{1000, 3}, {5000000, 14}, {5000001, 15}, {UINT64_MAX / 2, 15},
	};
	const struct request_metrics_row *rows;
	size_t count;

	rows = request_metrics_rows(*state, &count);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		uint64_t before = rows[0].durations[cases[i].bucket];

		request_metrics_count(*state, served[0], 200, NULL, 0, cases[i].microseconds);
		assert_int_equal(rows[0].durations[cases[i].bucket], before + 1);
	}
}

enum { THREADS = 8, COUNTS = 20000 };

static void *count_often(void *metrics)
{
	for (int i = 0; i < COUNTS; i++)
		request_metrics_count(metrics, served[0], 200, "application/json", 3, 2);
	return NULL;
}

static void counts_across_threads(void **state)
{
	pthread_t threads[THREADS];
	const struct request_metrics_row *rows;
	size_t count;

	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, count_often, *state), 0);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	rows = request_metrics_rows(*state, &count);
	assert_int_equal(rows[0].responses[status_at(200)][format_at("json")], THREADS * COUNTS);
	assert_int_equal(rows[0].durations[0], THREADS * COUNTS);
	assert_int_equal(rows[0].microseconds, 2 * THREADS * COUNTS);
	assert_int_equal(rows[0].bytes, 3 * THREADS * COUNTS);
}

#define METRICS_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		METRICS_TEST(counts_by_operation_status_and_representation),
		METRICS_TEST(sorts_durations_into_buckets),
		METRICS_TEST(counts_across_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
