/*
 * The cache: what it keeps, what it drops, and who makes what is missing.
 */
#include "cache/cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

enum { BYTES = 64 << 10, PART = 4000 };

static const struct entry_origin first = {.revision = 1, .day = ENTRY_ANY_DAY};

/* Part 0 can be made again from part 1. */
static void thin(struct entry *entry)
{
	entry_part(entry, 0, NULL);
}

static struct cache *open_cache(size_t bytes)
{
	struct cache *cache;
	struct error err;

	assert_true(cache_open(bytes, thin, &cache, &err));
	return cache;
}

static struct entry *made(const char *key, const struct entry_origin *origin, size_t length)
{
	struct entry *entry = entry_make(key, origin, 0);
	char *bytes = malloc(length);

	assert_non_null(entry);
	assert_non_null(bytes);
	memset(bytes, 'x', length);
	entry_part(entry, 1, bytes);
	return entry;
}

static enum cache_outcome ask(struct cache *cache, const char *key, bool other,
			      const struct entry_origin *wanted, struct cache_turn *turn)
{
	*turn = (struct cache_turn){0};
	return cache_ask(cache, key, other, wanted, deadline_after(0), turn);
}

/* Asks; makes what is missing. True when it was there. */
static bool visit(struct cache *cache, const char *key, bool other, size_t length)
{
	struct cache_turn turn;
	struct entry *entry;
	bool hit = ask(cache, key, other, &first, &turn) == CACHE_HIT;

	if (!hit) {
		entry = made(key, &first, length);
		cache_built(cache, &turn, entry);
		entry_release(&entry);
	}
	entry_release(&turn.entry);
	return hit;
}

static void keeps_what_was_made(void **state)
{
	struct cache *cache = open_cache(BYTES);
	struct cache_numbers numbers;

	(void)state;
	assert_false(visit(cache, "/a", false, PART));
	assert_true(visit(cache, "/a", false, PART));
	assert_false(visit(cache, "/b", false, PART));
	cache_numbers(cache, &numbers);
	assert_int_equal(numbers.hits, 1);
	assert_int_equal(numbers.misses, 2);
	assert_int_equal(numbers.entries, 2);
	assert_true(numbers.bytes > 2 * PART);
	assert_int_equal(numbers.bytes, numbers.common_bytes);
	cache_clear(cache);
	assert_false(visit(cache, "/a", false, PART));
	cache_close(&cache);
}

static void holds_for_revision_and_day(void **state)
{
	static const struct {
		struct entry_origin made, wanted;
		bool holds;
	} cases[] = {
		{{5, ENTRY_ANY_DAY}, {5, 100}, true},
		{{6, ENTRY_ANY_DAY}, {5, 100}, true},
		{{4, ENTRY_ANY_DAY}, {5, 100}, false},
		{{5, 100}, {5, 100}, true},
		{{5, 99}, {5, 100}, false},
		{{5, 101}, {5, 100}, false},
		{{4, 100}, {5, 100}, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct cache *cache = open_cache(BYTES);
		struct entry *entry = made("/k", &cases[i].made, PART);
		struct cache_turn turn;

		cache_keep(cache, entry);
		assert_int_equal(ask(cache, "/k", false, &cases[i].wanted, &turn),
				 cases[i].holds ? CACHE_HIT : CACHE_BUILD);
		/* What holds no more is there for whoever has nothing better. */
		assert_ptr_equal(turn.entry, entry);
		cache_built(cache, &turn, NULL);
		entry_release(&turn.entry);
		entry_release(&entry);
		cache_close(&cache);
	}
}

static void drops_the_least_recently_used(void **state)
{
	struct cache *cache = open_cache(BYTES);
	struct cache_numbers numbers;
	char key[16];

	(void)state;
	for (int i = 0; i < 100; i++) {
		snprintf(key, sizeof key, "/%d", i);
		visit(cache, key, false, PART);
		cache_numbers(cache, &numbers);
		assert_true(numbers.bytes <= BYTES / 2);
	}
	assert_int_equal(numbers.evictions, 100 - numbers.entries);
	assert_true(numbers.entries >= 7);
	assert_true(visit(cache, "/99", false, PART));
	assert_false(visit(cache, "/0", false, PART));
	cache_close(&cache);
}

/* One with PART bytes to spare. */
static struct entry *made_full(const char *key)
{
	struct entry *entry = made(key, &first, PART / 10);
	char *bytes = malloc(PART);

	assert_non_null(bytes);
	memset(bytes, 'y', PART);
	entry_part(entry, 0, bytes);
	entry_can_spare(entry, 0);
	return entry;
}

static bool is_full(struct cache *cache, const char *key)
{
	struct entry *found = cache_find(cache, key, false);
	bool full = found && found->parts[0];

	assert_non_null(found);
	assert_int_equal(*(char *)found->parts[1], 'x');
	entry_release(&found);
	return full;
}

static void thins_before_it_drops(void **state)
{
	struct cache *cache = open_cache(BYTES);
	struct entry *used = made_full("/used"), *again;
	struct cache_numbers numbers;
	uint64_t serial = 0;
	char key[16];

	(void)state;
	cache_keep(cache, used);
	for (int i = 0; i < 40; i++) {
		struct entry *entry;

		snprintf(key, sizeof key, "/%d", i);
		entry = made_full(key);
		serial = i ? serial : entry->serial;
		cache_keep(cache, entry);
		entry_release(&entry);
		cache_numbers(cache, &numbers);
		assert_true(numbers.bytes <= BYTES / 2);
	}
	/* 41 whole ones would take almost four times as much. */
	assert_int_equal(numbers.entries, 41);
	assert_int_equal(numbers.evictions, 0);
	assert_false(is_full(cache, "/0"));
	assert_true(is_full(cache, "/39"));
	assert_true(numbers.thinned > 20);
	assert_true(numbers.thinned < 40);
	/* What somebody uses is left alone; what has changed is another. */
	assert_true(is_full(cache, "/used"));
	assert_int_equal(*(char *)used->parts[0], 'y');
	assert_null(cache_again(cache, "/0", serial, &first));
	again = cache_again(cache, "/used", used->serial, &first);
	assert_ptr_equal(again, used);
	entry_release(&again);
	entry_release(&used);
	cache_close(&cache);
}

static void replaces_what_is_still_kept(void **state)
{
	struct cache *cache = open_cache(BYTES);
	struct entry *thinned = made("/k", &first, PART), *full, *found;

	(void)state;
	thinned->stored -= 1000;
	cache_keep(cache, thinned);
	full = entry_like(thinned);
	assert_non_null(full);
	assert_string_equal(full->key, "/k");
	assert_int_equal(full->stored, thinned->stored);
	assert_int_not_equal(full->serial, thinned->serial);
	cache_replace(cache, thinned, full);
	found = cache_find(cache, "/k", false);
	assert_ptr_equal(found, full);
	entry_release(&found);
	/* It is not kept any more. */
	cache_replace(cache, thinned, thinned);
	found = cache_find(cache, "/k", false);
	assert_ptr_equal(found, full);
	entry_release(&found);
	cache_clear(cache);
	cache_replace(cache, full, thinned);
	assert_null(cache_find(cache, "/k", false));
	entry_release(&thinned);
	entry_release(&full);
	cache_close(&cache);
}

static void counts_what_is_really_taken(void **state)
{
	struct entry *entry = entry_make("/k", &first, 100);
	const size_t bare = entry->size;

	(void)state;
	assert_true(bare >= sizeof *entry + 100 + sizeof "/k");
	assert_int_equal(entry->own[99], 0);
	entry_part(entry, 2, malloc(1000));
	assert_true(entry->size >= bare + 1000);
	assert_int_equal(entry_spare(entry), 0);
	entry_can_spare(entry, 2);
	entry_can_spare(entry, 1);
	assert_int_equal(entry_spare(entry), entry->size - bare);
	entry_part(entry, 2, NULL);
	assert_int_equal(entry->size, bare);
	assert_int_equal(entry_spare(entry), 0);
	entry_release(&entry);
}

static void keeps_others_at_their_second_request(void **state)
{
	struct cache *cache = open_cache(BYTES);
	struct cache_numbers numbers;
	char key[16];

	(void)state;
	assert_false(visit(cache, "/o", true, PART));
	assert_false(visit(cache, "/o", true, PART));
	assert_true(visit(cache, "/o", true, PART));

	/* However many others come, and come again, the common ones stay. */
	assert_false(visit(cache, "/c", false, PART));
	for (int round = 0; round < 3; round++)
		for (int i = 0; i < 200; i++) {
			snprintf(key, sizeof key, "/o?%d", i);
			visit(cache, key, true, PART);
			cache_numbers(cache, &numbers);
			assert_true(numbers.other_bytes <= BYTES / 2);
		}
	assert_true(numbers.other_bytes > BYTES / 4);
	assert_true(visit(cache, "/c", false, PART));
	cache_close(&cache);
}

static void refuses_what_is_too_large(void **state)
{
	struct cache *cache = open_cache(16 << 20);
	struct cache_numbers numbers;

	(void)state;
	visit(cache, "/large", false, CACHE_LARGEST);
	assert_false(visit(cache, "/large", false, CACHE_LARGEST));
	visit(cache, "/fits", false, CACHE_LARGEST - 1000);
	assert_true(visit(cache, "/fits", false, PART));
	cache_numbers(cache, &numbers);
	assert_int_equal(numbers.too_large, 2);
	cache_close(&cache);

	/* One that would need more than its share has. */
	cache = open_cache(BYTES);
	visit(cache, "/a", false, PART);
	visit(cache, "/share", false, BYTES / 2);
	assert_false(visit(cache, "/share", false, BYTES / 2));
	assert_true(visit(cache, "/a", false, PART));
	cache_close(&cache);
}

static void an_older_one_does_not_replace_a_newer(void **state)
{
	static const struct entry_origin second = {.revision = 2, .day = ENTRY_ANY_DAY};
	struct cache *cache = open_cache(BYTES);
	struct entry *newer = made("/k", &second, PART), *older = made("/k", &first, PART);
	struct entry *found;

	(void)state;
	cache_keep(cache, newer);
	cache_keep(cache, older);
	found = cache_find(cache, "/k", true);
	assert_ptr_equal(found, newer);
	entry_release(&found);
	entry_release(&newer);
	entry_release(&older);
	cache_close(&cache);
}

static void an_entry_in_use_outlives_its_place(void **state)
{
	struct cache *cache = open_cache(BYTES);
	struct entry *entry = made("/k", &first, PART), *found;

	(void)state;
	cache_keep(cache, entry);
	entry_release(&entry);
	assert_null(entry);
	found = cache_find(cache, "/k", true);
	cache_clear(cache);
	assert_null(cache_find(cache, "/k", true));
	cache_close(&cache);
	assert_string_equal(found->key, "/k");
	assert_int_equal(((char *)found->parts[1])[PART - 1], 'x');
	entry_release(&found);
}

static void gives_the_very_entry_again(void **state)
{
	static const struct entry_origin second = {.revision = 2, .day = ENTRY_ANY_DAY};
	struct cache *cache = open_cache(BYTES);
	struct entry *entry = made("/a", &first, 10), *again;
	struct cache_numbers numbers;

	(void)state;
	assert_null(cache_again(cache, "/a", entry->serial, &first));
	cache_keep(cache, entry);
	again = cache_again(cache, "/a", entry->serial, &first);
	assert_ptr_equal(again, entry);
	entry_release(&again);
	assert_null(cache_again(cache, "/a", entry->serial + 1, &first));
	assert_null(cache_again(cache, "/a", entry->serial, &second));
	assert_null(cache_again(cache, "/b", entry->serial, &first));
	/* What was not given counts for nothing. */
	cache_numbers(cache, &numbers);
	assert_int_equal(numbers.hits, 1);
	assert_int_equal(numbers.misses, 0);
	entry_release(&entry);
	cache_close(&cache);
}

static void one_makes_it_and_the_late_are_told(void **state)
{
	struct cache *cache = open_cache(BYTES);
	struct cache_turn maker, late;
	struct entry *entry = made("/k", &first, PART);

	(void)state;
	assert_int_equal(ask(cache, "/k", false, &first, &maker), CACHE_BUILD);
	assert_int_equal(ask(cache, "/k", false, &first, &late), CACHE_LATE);
	assert_null(late.entry);
	cache_built(cache, &maker, entry);
	entry_release(&entry);
	assert_true(visit(cache, "/k", false, PART));
	cache_close(&cache);
}

static void switched_off_it_keeps_nothing(void **state)
{
	struct cache *cache = open_cache(0);
	struct cache_numbers numbers;

	(void)state;
	assert_false(visit(cache, "/a", false, PART));
	assert_false(visit(cache, "/a", false, PART));
	assert_null(cache_find(cache, "/a", true));
	cache_numbers(cache, &numbers);
	assert_int_equal(numbers.entries, 0);
	cache_close(&cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_what_was_made),
		cmocka_unit_test(holds_for_revision_and_day),
		cmocka_unit_test(drops_the_least_recently_used),
		cmocka_unit_test(thins_before_it_drops),
		cmocka_unit_test(replaces_what_is_still_kept),
		cmocka_unit_test(counts_what_is_really_taken),
		cmocka_unit_test(keeps_others_at_their_second_request),
		cmocka_unit_test(refuses_what_is_too_large),
		cmocka_unit_test(an_older_one_does_not_replace_a_newer),
		cmocka_unit_test(an_entry_in_use_outlives_its_place),
		cmocka_unit_test(gives_the_very_entry_again),
		cmocka_unit_test(one_makes_it_and_the_late_are_told),
		cmocka_unit_test(switched_off_it_keeps_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
