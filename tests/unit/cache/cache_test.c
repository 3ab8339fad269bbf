/*
 * The cache: what it stores, what it evicts, and which caller builds a missing entry.
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

enum { BYTES = 64 << 10, BODY = 4000 };

static const struct entry_validity first = {.revision = 1, .day = ENTRY_ANY_DAY};
static const struct entry_validity second = {.revision = 2, .day = ENTRY_ANY_DAY};

static struct cache *open_cache(size_t bytes)
{
	struct cache *cache;
	struct error err;

	assert_true(cache_open(bytes, &cache, &err));
	return cache;
}

static struct entry *make_entry(const char *key, const struct entry_validity *validity,
				size_t length)
{
	struct entry *entry = entry_make(key, validity, 0);
	char *bytes = malloc(length);

	assert_non_null(entry);
	assert_non_null(bytes);
	memset(bytes, 'x', length);
	entry_add(entry, 1, bytes);
	return entry;
}

static enum cache_outcome get(struct cache *cache, const char *key,
			      const struct entry_validity *wanted, struct cache_lookup *lookup)
{
	*lookup = (struct cache_lookup){0};
	return cache_get(cache, key, false, wanted, deadline_after(0), lookup);
}

static void store(struct cache *cache, struct entry *entry)
{
	static const struct entry_validity unknown = {.revision = UINT64_MAX, .day = ENTRY_ANY_DAY};
	struct cache_lookup lookup;

	assert_int_equal(get(cache, entry->key, &unknown, &lookup), CACHE_MISS);
	cache_complete(cache, &lookup, entry);
	entry_release(&lookup.entry);
}

/* Looks a key up and builds the entry when it is missing. True when it was there. */
static bool visit(struct cache *cache, const char *key, bool rare, size_t length)
{
	struct cache_lookup lookup = {0};
	struct entry *entry;
	bool hit = cache_get(cache, key, rare, &first, deadline_after(0), &lookup) == CACHE_HIT;

	if (!hit) {
		entry = make_entry(key, &first, length);
		cache_complete(cache, &lookup, entry);
		entry_release(&entry);
	}
	entry_release(&lookup.entry);
	return hit;
}

static bool holds(struct cache *cache, const char *key)
{
	struct entry *found = cache_find(cache, key, false);
	bool held = found;

	entry_release(&found);
	return held;
}

static void stores_what_was_built(void **state)
{
	struct cache *cache = open_cache(BYTES);
	struct cache_numbers numbers;

	(void)state;
	assert_false(visit(cache, "/a", false, BODY));
	assert_true(visit(cache, "/a", false, BODY));
	assert_false(visit(cache, "/b", false, BODY));
	cache_numbers(cache, &numbers);
	assert_int_equal(numbers.hits, 1);
	assert_int_equal(numbers.misses, 2);
	assert_int_equal(numbers.stores, 2);
	assert_int_equal(numbers.entries, 2);
	assert_true(numbers.bytes > 2 * BODY);
	assert_int_equal(numbers.bytes, numbers.common_bytes);
	cache_clear(cache);
	assert_false(visit(cache, "/a", false, BODY));
	cache_close(&cache);
}

static void checks_revision_and_day(void **state)
{
	static const struct {
		struct entry_validity made, wanted;
		bool valid;
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
		struct entry *entry = make_entry("/k", &cases[i].made, BODY);
		struct cache_lookup lookup;

		store(cache, entry);
		assert_int_equal(get(cache, "/k", &cases[i].wanted, &lookup),
				 cases[i].valid ? CACHE_HIT : CACHE_MISS);
		/* An invalid entry is returned too: it can be served as stale. */
		assert_ptr_equal(lookup.entry, entry);
		cache_complete(cache, &lookup, NULL);
		entry_release(&lookup.entry);
		entry_release(&entry);
		cache_close(&cache);
	}
}

static void evicts_the_least_recently_used(void **state)
{
	struct cache *cache = open_cache(BYTES);
	struct cache_numbers numbers;
	size_t room;
	char key[16];

	(void)state;
	visit(cache, "/0", false, BODY);
	cache_numbers(cache, &numbers);
	room = BYTES / 2 / numbers.bytes;
	for (size_t i = 1; i < room; i++) {
		snprintf(key, sizeof key, "/%zu", i);
		visit(cache, key, false, BODY);
	}
	/* Used again, in this order: /0, /2. Then /1 is the oldest, and /3 comes next. */
	assert_true(visit(cache, "/0", false, BODY));
	assert_true(visit(cache, "/2", false, BODY));
	visit(cache, "/new", false, BODY);
	assert_false(holds(cache, "/1"));
	assert_true(holds(cache, "/3"));
	visit(cache, "/newer", false, BODY);
	/* holds() used /3 last. */
	assert_false(holds(cache, "/4"));
	for (size_t i = 0; i < 4; i++) {
		snprintf(key, sizeof key, "/%zu", i);
		assert_int_equal(holds(cache, key), i != 1);
	}
	cache_numbers(cache, &numbers);
	assert_int_equal(numbers.evictions, 2);
	assert_int_equal(numbers.entries, room);
	cache_close(&cache);
}

static void stays_within_its_bytes(void **state)
{
	struct cache *cache = open_cache(BYTES);
	struct cache_numbers numbers;
	char key[16];

	(void)state;
	for (size_t i = 0; i < 300; i++) {
		snprintf(key, sizeof key, "/%zu", i);
		visit(cache, key, false, i * 37 % 9000 + 1);
		cache_numbers(cache, &numbers);
		assert_true(numbers.bytes <= BYTES / 2);
	}
	assert_true(numbers.evictions > 200);
	assert_true(numbers.bytes > BYTES / 4);
	cache_close(&cache);
}

static void counts_the_overhead_of_the_allocator(void **state)
{
	struct entry *entry = entry_make("/k", &first, 100);
	const size_t bare = entry->size;

	(void)state;
	assert_true(bare >= sizeof *entry + 100 + sizeof "/k" + sizeof(size_t));
	assert_int_equal(entry->own[99], 0);
	entry_add(entry, 1, malloc(1000));
	assert_true(entry->size >= bare + 1000 + sizeof(size_t));
	entry_release(&entry);
	assert_null(entry);
}

static void rare_entries_cannot_evict_common_ones(void **state)
{
	struct cache *cache = open_cache(BYTES);
	struct cache_numbers numbers;
	char key[16];

	(void)state;
	assert_false(visit(cache, "/common", false, BODY));
	for (int i = 0; i < 600; i++) {
		snprintf(key, sizeof key, "/rare?%d", i / 2);
		visit(cache, key, true, BODY);
		cache_numbers(cache, &numbers);
		assert_true(numbers.rare_bytes <= BYTES / 2);
	}
	assert_true(numbers.rare_bytes > BYTES / 4);
	assert_true(visit(cache, "/common", false, BODY));
	cache_close(&cache);
}

static void stores_rare_entries_at_the_second_request(void **state)
{
	struct cache *cache = open_cache(BYTES);
	struct cache_numbers numbers;
	char key[16];

	(void)state;
	assert_false(visit(cache, "/rare", true, BODY));
	assert_false(visit(cache, "/rare", true, BODY));
	assert_true(visit(cache, "/rare", true, BODY));
	/* Ever new ones, requested once each, evict none of them. */
	for (int i = 0; i < 1000; i++) {
		snprintf(key, sizeof key, "/new?%d", i);
		assert_false(visit(cache, key, true, BODY));
	}
	cache_numbers(cache, &numbers);
	assert_int_equal(numbers.entries, 1);
	assert_true(visit(cache, "/rare", true, BODY));
	cache_close(&cache);
}

static void does_not_store_what_is_too_large(void **state)
{
	struct cache *cache = open_cache(16 << 20);
	struct cache_numbers numbers;

	(void)state;
	visit(cache, "/large", false, CACHE_LARGEST);
	assert_false(visit(cache, "/large", false, CACHE_LARGEST));
	visit(cache, "/fits", false, CACHE_LARGEST - 1000);
	assert_true(visit(cache, "/fits", false, BODY));
	cache_numbers(cache, &numbers);
	assert_int_equal(numbers.too_large, 2);
	cache_close(&cache);

	/* An entry that needs more than half of the cache evicts nothing. */
	cache = open_cache(BYTES);
	visit(cache, "/a", false, BODY);
	visit(cache, "/half", false, BYTES / 2);
	assert_false(visit(cache, "/half", false, BYTES / 2));
	assert_true(visit(cache, "/a", false, BODY));
	cache_close(&cache);
}

static void an_older_revision_does_not_replace_a_newer(void **state)
{
	struct cache *cache = open_cache(BYTES);
	struct entry *newer = make_entry("/k", &second, BODY);
	struct entry *older = make_entry("/k", &first, BODY), *found;

	(void)state;
	store(cache, newer);
	store(cache, older);
	found = cache_find(cache, "/k", true);
	assert_ptr_equal(found, newer);
	entry_release(&found);
	entry_release(&newer);
	entry_release(&older);
	cache_close(&cache);
}

static void an_entry_in_use_survives_eviction(void **state)
{
	struct cache *cache = open_cache(BYTES);
	struct entry *used;
	char key[16];

	(void)state;
	visit(cache, "/used", false, BODY);
	used = cache_find(cache, "/used", true);
	assert_non_null(used);
	for (int i = 0; i < 20; i++) {
		snprintf(key, sizeof key, "/%d", i);
		visit(cache, key, false, BODY);
	}
	assert_false(holds(cache, "/used"));
	cache_close(&cache);
	assert_string_equal(used->key, "/used");
	assert_int_equal(((char *)used->bodies[1])[BODY - 1], 'x');
	entry_release(&used);
}

static void recalls_an_entry_by_its_serial(void **state)
{
	struct cache *cache = open_cache(BYTES);
	struct entry *entry = make_entry("/a", &first, 10), *recalled;
	struct cache_numbers numbers;

	(void)state;
	assert_null(cache_recall(cache, "/a", entry->serial, &first));
	store(cache, entry);
	recalled = cache_recall(cache, "/a", entry->serial, &first);
	assert_ptr_equal(recalled, entry);
	entry_release(&recalled);
	assert_null(cache_recall(cache, "/a", entry->serial + 1, &first));
	assert_null(cache_recall(cache, "/a", entry->serial, &second));
	assert_null(cache_recall(cache, "/b", entry->serial, &first));
	cache_numbers(cache, &numbers);
	assert_int_equal(numbers.hits, 1);
	entry_release(&entry);
	cache_close(&cache);
}

static void a_second_caller_times_out_during_a_build(void **state)
{
	struct cache *cache = open_cache(BYTES);
	struct cache_lookup builder, late;
	struct entry *entry = make_entry("/k", &first, BODY);
	sem_t none;

	(void)state;
	sem_init(&none, 0, 0);
	assert_int_equal(get(cache, "/k", &first, &builder), CACHE_MISS);
	assert_int_equal(get(cache, "/k", &first, &late), CACHE_TIMEOUT);
	assert_null(late.entry);
	/* With no place to wait, the deadline does not matter. */
	late.waits = &none;
	assert_int_equal(cache_get(cache, "/k", false, &first, deadline_after(3600000), &late),
			 CACHE_TIMEOUT);
	/* Other keys do not wait for it. */
	assert_false(visit(cache, "/other", false, BODY));
	cache_complete(cache, &builder, entry);
	entry_release(&entry);
	assert_true(visit(cache, "/k", false, BODY));
	cache_close(&cache);
}

static void a_failed_build_leaves_the_key_free(void **state)
{
	struct cache *cache = open_cache(BYTES);
	struct cache_lookup builder;

	(void)state;
	assert_int_equal(get(cache, "/k", &first, &builder), CACHE_MISS);
	cache_complete(cache, &builder, NULL);
	assert_false(visit(cache, "/k", false, BODY));
	assert_true(visit(cache, "/k", false, BODY));
	cache_close(&cache);
}

/* Its entry may be of the dataset that was there before. */
static void does_not_store_a_build_that_began_before_a_clear(void **state)
{
	struct cache *cache = open_cache(BYTES);
	struct cache_lookup builder;
	struct entry *entry = make_entry("/k", &second, BODY);

	(void)state;
	assert_int_equal(get(cache, "/k", &first, &builder), CACHE_MISS);
	cache_clear(cache);
	cache_complete(cache, &builder, entry);
	entry_release(&entry);
	assert_false(holds(cache, "/k"));
	cache_close(&cache);
}

static void stores_nothing_when_it_has_no_bytes(void **state)
{
	struct cache *cache = open_cache(0);
	struct cache_numbers numbers;

	(void)state;
	assert_false(visit(cache, "/a", false, BODY));
	assert_false(visit(cache, "/a", false, BODY));
	assert_null(cache_find(cache, "/a", true));
	cache_numbers(cache, &numbers);
	assert_int_equal(numbers.entries, 0);
	cache_close(&cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stores_what_was_built),
		cmocka_unit_test(checks_revision_and_day),
		cmocka_unit_test(evicts_the_least_recently_used),
		cmocka_unit_test(stays_within_its_bytes),
		cmocka_unit_test(counts_the_overhead_of_the_allocator),
		cmocka_unit_test(rare_entries_cannot_evict_common_ones),
		cmocka_unit_test(stores_rare_entries_at_the_second_request),
		cmocka_unit_test(does_not_store_what_is_too_large),
		cmocka_unit_test(an_older_revision_does_not_replace_a_newer),
		cmocka_unit_test(an_entry_in_use_survives_eviction),
		cmocka_unit_test(recalls_an_entry_by_its_serial),
		cmocka_unit_test(a_second_caller_times_out_during_a_build),
		cmocka_unit_test(a_failed_build_leaves_the_key_free),
		cmocka_unit_test(does_not_store_a_build_that_began_before_a_clear),
		cmocka_unit_test(stores_nothing_when_it_has_no_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
