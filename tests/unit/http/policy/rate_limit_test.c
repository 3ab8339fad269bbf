#include "http/policy/rate_limit.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

#define SECOND UINT64_C(1000000000)
#define START (1000 * SECOND)

static struct rate_limit *limit_of(long requests, long seconds)
{
	struct rate_limit *limit = NULL;
	struct error err;

	assert_true(rate_limit_open(requests, seconds, &limit, &err));
	return limit;
}

static struct address address(const char *text)
{
	struct address read;

	assert_true(address_read(text, strlen(text), &read));
	return read;
}

static void grants_the_allowance_and_refills_evenly(void **state)
{
	struct rate_limit *limit = limit_of(6, 60);
	struct address client = address("192.0.2.1");
	struct allowance allowance;

	(void)state;
	for (long i = 0; i < 6; i++) {
		allowance = rate_limit_take(limit, &client, START);
		assert_true(allowance.granted);
		assert_int_equal(allowance.left, 5 - i);
		assert_int_equal(allowance.replenish, 10 * (i + 1));
		assert_int_equal(allowance.retry, 0);
	}
	allowance = rate_limit_take(limit, &client, START);
	assert_false(allowance.granted);
	assert_int_equal(allowance.left, 0);
	assert_int_equal(allowance.retry, 10);
	/* The refill is exact to the nanosecond, and a refusal does not delay it. */
	allowance = rate_limit_take(limit, &client, START + 10 * SECOND - 1);
	assert_false(allowance.granted);
	assert_int_equal(allowance.retry, 1);
	assert_true(rate_limit_take(limit, &client, START + 10 * SECOND).granted);
	assert_false(rate_limit_take(limit, &client, START + 10 * SECOND).granted);
	/* An idle client accumulates no more than the whole allowance. */
	for (long i = 0; i < 6; i++)
		assert_true(rate_limit_take(limit, &client, START + 5000 * SECOND).granted);
	assert_false(rate_limit_take(limit, &client, START + 5000 * SECOND).granted);
	rate_limit_close(&limit);
	assert_null(limit);
}

static void grants_the_allowance_at_extreme_rates(void **state)
{
	static const struct {
		long requests, seconds;
	} cases[] = {{1, 1}, {7, 60}, {1, 86400}, {1000000, 1}, {1000000, 86400}, {3, 86399}};
	struct address client = address("2001:db8::1");

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct rate_limit *limit = limit_of(cases[i].requests, cases[i].seconds);
		struct allowance allowance;

		for (long n = 0; n < cases[i].requests; n++)
			assert_true(rate_limit_take(limit, &client, START).granted);
		allowance = rate_limit_take(limit, &client, START);
		assert_false(allowance.granted);
		assert_true(
			rate_limit_take(limit, &client, START + (uint64_t)allowance.retry * SECOND)
				.granted);
		rate_limit_close(&limit);
	}
}

static void distinguishes_clients(void **state)
{
	static const struct {
		const char *one, *other;
		bool same;
	} cases[] = {
		{"192.0.2.1", "192.0.2.1", true},
		{"192.0.2.1", "::ffff:192.0.2.1", true},
		{"192.0.2.1", "192.0.2.2", false},
		{"2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true},
		{"2001:db8:1:2::1", "2001:db8:1:3::1", false},
		{"::1", "::2", true},
		{"::1", "127.0.0.1", false},
		{"0.0.0.0", "::1", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct rate_limit *limit = limit_of(1, 60);
		struct address one = address(cases[i].one), other = address(cases[i].other);

		print_message("%s and %s\n", cases[i].one, cases[i].other);
		assert_true(rate_limit_take(limit, &one, START).granted);
		assert_int_equal(rate_limit_take(limit, &other, START).granted, !cases[i].same);
		rate_limit_close(&limit);
	}
}

static void returns_unused_allowance(void **state)
{
	struct rate_limit *limit = limit_of(1, 60);
	struct address client = address("192.0.2.1"), unknown = address("192.0.2.2");

	(void)state;
	rate_limit_return(limit, &unknown);
	for (int i = 0; i < 100; i++) {
		assert_true(rate_limit_take(limit, &client, START).granted);
		rate_limit_return(limit, &client);
	}
	/* Returning does not raise the allowance above the limit. */
	for (int i = 0; i < 100; i++)
		rate_limit_return(limit, &client);
	assert_true(rate_limit_take(limit, &client, START).granted);
	assert_false(rate_limit_take(limit, &client, START).granted);
	rate_limit_close(&limit);
}

/* A million clients with one request each do not evict a client over its limit. */
static void remembers_a_client_over_its_limit_among_many(void **state)
{
	struct rate_limit *limit = limit_of(600, 60);
	struct address exhausted = address("192.0.2.1"), other = {{0x20, 0x01}};

	(void)state;
	for (int i = 0; i < 600; i++)
		assert_true(rate_limit_take(limit, &exhausted, START).granted);
	for (uint32_t i = 0; i < 1000000; i++) {
		memcpy(other.bytes + 4, &i, sizeof i);
		assert_true(rate_limit_take(limit, &other, START).granted);
	}
	assert_false(rate_limit_take(limit, &exhausted, START).granted);
	rate_limit_close(&limit);
}

static atomic_int granted;

static void *take_many(void *limit)
{
	struct address client = address("192.0.2.1");

	for (int i = 0; i < 1000; i++)
		granted += rate_limit_take(limit, &client, START).granted;
	return NULL;
}

static void counts_across_threads(void **state)
{
	struct rate_limit *limit = limit_of(1500, 60);
	pthread_t threads[4];

	(void)state;
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, take_many, limit), 0);
	for (size_t i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(granted, 1500);
	rate_limit_close(&limit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grants_the_allowance_and_refills_evenly),
		cmocka_unit_test(grants_the_allowance_at_extreme_rates),
		cmocka_unit_test(distinguishes_clients),
		cmocka_unit_test(returns_unused_allowance),
		cmocka_unit_test(remembers_a_client_over_its_limit_among_many),
		cmocka_unit_test(counts_across_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
