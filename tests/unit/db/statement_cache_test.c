#include "db/statement_cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

static uint64_t key_of(int number)
{
	char text[32];

	snprintf(text, sizeof text, "SELECT %d", number);
	return statement_cache_key(text);
}

static void add_statement(struct statement_cache *cache, int number)
{
	char name[STATEMENT_NAME_BYTES];

	statement_cache_name(cache, "a", name);
	statement_cache_add(cache, key_of(number), name);
}

static void finds_what_was_added(void **state)
{
	struct statement_cache cache = {0};
	char name[STATEMENT_NAME_BYTES];

	(void)state;
	assert_null(statement_cache_find(&cache, key_of(1)));
	assert_null(statement_cache_find(&cache, 0));
	statement_cache_name(&cache, "countries", name);
	statement_cache_add(&cache, key_of(1), name);
	assert_string_equal(statement_cache_find(&cache, key_of(1)), name);
	assert_null(statement_cache_find(&cache, key_of(2)));
	assert_false(statement_cache_evict(&cache, name));
}

static void keys_differ_in_every_byte(void **state)
{
	char text[40] = "SELECT a, b, c FROM t WHERE d = $1";
	uint64_t key = statement_cache_key(text);

	(void)state;
	for (size_t i = 0; text[i]; i++) {
		text[i] ^= 1;
		assert_true(statement_cache_key(text) != key);
		text[i] ^= 1;
		assert_int_equal(statement_cache_key(text), key);
	}
	text[strlen(text) - 1] = 0;
	assert_true(statement_cache_key(text) != key);
}

static void names_are_not_reused(void **state)
{
	struct statement_cache cache = {0};
	char first[STATEMENT_NAME_BYTES], second[STATEMENT_NAME_BYTES];
	static const char label[] =
		"a label that is longer than any name of a statement may become here";

	(void)state;
	statement_cache_name(&cache, label, first);
	statement_cache_name(&cache, label, second);
	assert_string_not_equal(first, second);
}

static void evicts_least_recently_used(void **state)
{
	struct statement_cache cache = {0};
	char evicted[STATEMENT_NAME_BYTES], name[STATEMENT_NAME_BYTES];

	(void)state;
	for (int i = 0; i < STATEMENT_CACHE_SIZE; i++) {
		assert_false(statement_cache_evict(&cache, evicted));
		add_statement(&cache, i);
	}
	snprintf(name, sizeof name, "%s", statement_cache_find(&cache, key_of(1)));
	assert_non_null(statement_cache_find(&cache, key_of(0)));
	for (int i = 2; i < STATEMENT_CACHE_SIZE; i++)
		assert_non_null(statement_cache_find(&cache, key_of(i)));
	assert_true(statement_cache_evict(&cache, evicted));
	assert_string_equal(evicted, name);
	assert_null(statement_cache_find(&cache, key_of(1)));
	assert_false(statement_cache_evict(&cache, evicted));
	add_statement(&cache, STATEMENT_CACHE_SIZE);
	assert_non_null(statement_cache_find(&cache, key_of(STATEMENT_CACHE_SIZE)));
	assert_non_null(statement_cache_find(&cache, key_of(0)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_was_added),
		cmocka_unit_test(keys_differ_in_every_byte),
		cmocka_unit_test(names_are_not_reused),
		cmocka_unit_test(evicts_least_recently_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
