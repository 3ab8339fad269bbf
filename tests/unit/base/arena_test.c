#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

static int open_arena(void **state)
{
	*state = arena_open(100000);
	return *state ? 0 : -1;
}

static int close_arena(void **state)
{
	struct arena *arena = *state;

	arena_close(&arena);
	assert_null(arena);
	arena_close(&arena);
	return 0;
}

static void gives_zeroed_aligned_memory_of_its_own(void **state)
{
	unsigned char *taken[200];
	size_t sizes[200];

	for (size_t i = 0; i < 200; i++) {
		sizes[i] = i * 7 % 331;
		taken[i] = arena_take(*state, sizes[i]);
		assert_non_null(taken[i]);
		assert_int_equal((uintptr_t)taken[i] % _Alignof(max_align_t), 0);
		for (size_t byte = 0; byte < sizes[i]; byte++)
			assert_int_equal(taken[i][byte], 0);
		memset(taken[i], (int)i, sizes[i]);
	}
	for (size_t i = 0; i < 200; i++)
		for (size_t byte = 0; byte < sizes[i]; byte++)
			assert_int_equal(taken[i][byte], (unsigned char)i);
}

static void gives_more_than_a_block(void **state)
{
	unsigned char *large = arena_take(*state, 50000);

	assert_non_null(large);
	memset(large, 1, 50000);
	assert_non_null(arena_take(*state, 10));
}

static void ends_at_its_maximum(void **state)
{
	size_t taken = 0;

	assert_null(arena_take(*state, 100001));
	assert_null(arena_take(*state, SIZE_MAX));
	assert_null(arena_copy(*state, "", SIZE_MAX));
	while (arena_take(*state, 1000))
		taken += 1000;
	assert_in_range(taken, 90000, 100000);
	assert_null(arena_copy(*state, "x", 20000));
	assert_null(arena_format(*state, "%20000d", 1));
}

static void copies_and_formats(void **state)
{
	assert_string_equal(arena_copy(*state, "abcdef", 3), "abc");
	assert_string_equal(arena_copy(*state, NULL, 0), "");
	assert_string_equal(arena_format(*state, "%s-%03d", "x", 7), "x-007");
	assert_string_equal(arena_format(*state, "%s", ""), "");
}

/* A text that did not fit leaves no bytes behind. */
static void formats_around_the_end_of_a_block(void **state)
{
	for (size_t left = 0; left < 64; left++) {
		struct arena *arena = arena_open(100000);
		char *text;

		(void)state;
		assert_non_null(arena);
		assert_non_null(arena_take(arena, 4096 - left));
		text = arena_format(arena, "%s", "a text of thirty-two characters.");
		assert_string_equal(text, "a text of thirty-two characters.");
		for (int i = 0; i < 4; i++) {
			const unsigned char *taken = arena_take(arena, 16);

			for (size_t byte = 0; byte < 16; byte++)
				assert_int_equal(taken[byte], 0);
		}
		assert_string_equal(text, "a text of thirty-two characters.");
		arena_close(&arena);
	}
}

/* At its maximum the arena cannot add a block, but uses the rest of the last one. */
static void leaves_zeroes_where_a_format_failed(void **state)
{
	struct arena *arena = arena_open(4096);
	const unsigned char *taken;

	(void)state;
	assert_non_null(arena);
	assert_non_null(arena_take(arena, 4000));
	assert_null(arena_format(arena, "%0200d", 7));
	taken = arena_take(arena, 64);
	assert_non_null(taken);
	for (size_t byte = 0; byte < 64; byte++)
		assert_int_equal(taken[byte], 0);
	arena_close(&arena);
}

#define ARENA_TEST(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(gives_zeroed_aligned_memory_of_its_own),
		ARENA_TEST(gives_more_than_a_block),
		ARENA_TEST(ends_at_its_maximum),
		ARENA_TEST(copies_and_formats),
		cmocka_unit_test(formats_around_the_end_of_a_block),
		cmocka_unit_test(leaves_zeroes_where_a_format_failed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
