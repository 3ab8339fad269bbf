/*
 * Many threads on one cache. Under ThreadSanitizer this is the test of its locking.
 */
#include "cache/cache.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/banned.h"

enum { THREADS = 8, ROUNDS = 2000, KEYS = 40, PATIENCE = 20000, BYTES = 16 << 10 };

static const struct entry_validity first = {.revision = 1, .day = ENTRY_ANY_DAY};

struct shared {
	struct cache *cache;
	_Atomic uint64_t revision;
	atomic_int built, failed, timed_out;
	pthread_barrier_t start;
	long patience;
	bool build_fails;
};

static struct cache_numbers numbers_of(struct shared *shared)
{
	struct cache_numbers numbers;

	cache_numbers(shared->cache, &numbers);
	return numbers;
}

static void wait_for_waiters(struct shared *shared, uint64_t waiters)
{
	while (numbers_of(shared).waits < waiters)
		nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

static struct entry *make_entry(const char *key, const struct entry_validity *validity)
{
	struct entry *entry = entry_make(key, validity, 0);

	if (!entry)
		return NULL;
	for (size_t body = 0; body < ENTRY_BODIES; body++) {
		char *bytes = calloc(1, 500);

		if (bytes)
			memcpy(bytes, key, strlen(key));
		entry_add(entry, body, bytes);
	}
	return entry;
}

/* All threads request one key at once. The first builder waits until all others wait for it. */
static void *request_one_key(void *context)
{
	struct shared *shared = context;
	struct cache_lookup lookup = {0};
	struct entry *entry = NULL;

	pthread_barrier_wait(&shared->start);
	switch (cache_get(shared->cache, "/one", false, &first, deadline_after(shared->patience),
			  &lookup)) {
	case CACHE_MISS:
		if (atomic_fetch_add(&shared->built, 1) == 0) {
			wait_for_waiters(shared, THREADS - 1);
			while (shared->patience < PATIENCE && shared->timed_out < THREADS - 1)
				nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
		}
		entry = shared->build_fails ? NULL : make_entry("/one", &first);
		cache_complete(shared->cache, &lookup, entry);
		entry_release(&entry);
		break;
	case CACHE_HIT:
		if (!lookup.entry || strcmp(lookup.entry->bodies[0], "/one") != 0)
			atomic_fetch_add(&shared->failed, 1);
		break;
	case CACHE_TIMEOUT:
		atomic_fetch_add(&shared->timed_out, 1);
		break;
	}
	entry_release(&lookup.entry);
	return NULL;
}

/* One thread builds from before a change, the others request the key after it. */
static void *request_around_a_change(void *context)
{
	struct shared *shared = context;
	struct entry_validity wanted = first;
	const bool early = atomic_fetch_add(&shared->built, 1) == 0;
	struct cache_lookup lookup = {0};
	struct entry *entry;
	enum cache_outcome outcome;

	if (!early) {
		pthread_barrier_wait(&shared->start);
		wanted.revision = 2;
	}
	outcome = cache_get(shared->cache, "/changing", false, &wanted, deadline_after(PATIENCE),
			    &lookup);
	if (early) {
		pthread_barrier_wait(&shared->start);
		wait_for_waiters(shared, THREADS - 1);
	}
	if (outcome == CACHE_MISS) {
		atomic_fetch_add(&shared->revision, 1);
		entry = make_entry("/changing", &wanted);
		cache_complete(shared->cache, &lookup, entry);
		entry_release(&entry);
	} else if (outcome != CACHE_HIT || !entry_holds(lookup.entry, &wanted)) {
		atomic_fetch_add(&shared->failed, 1);
	}
	entry_release(&lookup.entry);
	return NULL;
}

static bool is_intact(const struct entry *entry, const char *key,
		      const struct entry_validity *wanted)
{
	for (size_t body = 0; body < ENTRY_BODIES; body++)
		if (strcmp(entry->bodies[body], key) != 0)
			return false;
	return entry_holds(entry, wanted);
}

/* Requests keys at random while the dataset changes and the cache evicts and is cleared. */
static void *request_many_keys(void *context)
{
	struct shared *shared = context;
	unsigned random = (unsigned)(uintptr_t)&random;
	char key[16];

	pthread_barrier_wait(&shared->start);
	for (int i = 0; i < ROUNDS; i++) {
		struct entry_validity wanted = {.revision = atomic_load(&shared->revision),
						.day = ENTRY_ANY_DAY};
		struct cache_lookup lookup = {0};
		struct entry *entry = NULL;

		random = random * 1664525 + 1013904223;
		snprintf(key, sizeof key, "/%u", (random >> 16) % KEYS);
		if (random % 50 == 0)
			atomic_fetch_add(&shared->revision, 1);
		if (random % 500 == 1)
			cache_clear(shared->cache);
		if (cache_get(shared->cache, key, random & 1, &wanted, deadline_after(PATIENCE),
			      &lookup) == CACHE_HIT) {
			if (!is_intact(lookup.entry, key, &wanted))
				atomic_fetch_add(&shared->failed, 1);
		} else {
			entry = make_entry(key, &wanted);
			cache_complete(shared->cache, &lookup, entry);
		}
		entry_release(&entry);
		entry_release(&lookup.entry);
	}
	return NULL;
}

static void start_threads(struct shared *shared, void *(*task)(void *))
{
	pthread_t threads[THREADS];
	struct error err;

	assert_true(cache_open(BYTES, &shared->cache, &err));
	pthread_barrier_init(&shared->start, NULL, THREADS);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, task, shared), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&shared->start);
	assert_int_equal(shared->failed, 0);
}

static void one_caller_builds_for_all(void **state)
{
	struct shared shared = {.patience = PATIENCE};

	(void)state;
	start_threads(&shared, request_one_key);
	assert_int_equal(shared.built, 1);
	assert_int_equal(shared.timed_out, 0);
	cache_close(&shared.cache);
}

static void waiting_callers_time_out_at_their_deadline(void **state)
{
	struct shared shared = {.patience = 50};

	(void)state;
	start_threads(&shared, request_one_key);
	assert_int_equal(shared.built, 1);
	assert_int_equal(shared.timed_out, THREADS - 1);
	assert_int_equal(numbers_of(&shared).entries, 1);
	cache_close(&shared.cache);
}

static void a_failed_build_releases_the_waiting_callers(void **state)
{
	struct shared shared = {.patience = PATIENCE, .build_fails = true};

	(void)state;
	start_threads(&shared, request_one_key);
	assert_int_equal(shared.built, THREADS);
	assert_int_equal(shared.timed_out, 0);
	cache_close(&shared.cache);
}

static void one_caller_builds_for_all_after_a_change(void **state)
{
	struct shared shared = {0};

	(void)state;
	start_threads(&shared, request_around_a_change);
	/* The early one, and one of the others. */
	assert_int_equal(shared.revision, 2);
	cache_close(&shared.cache);
}

static void returns_valid_entries_while_the_dataset_changes(void **state)
{
	struct shared shared = {.revision = 1};
	struct cache_numbers numbers;

	(void)state;
	start_threads(&shared, request_many_keys);
	numbers = numbers_of(&shared);
	assert_true(numbers.bytes <= BYTES);
	assert_true(numbers.evictions > 0);
	assert_true(numbers.hits > 0);
	cache_close(&shared.cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_caller_builds_for_all),
		cmocka_unit_test(waiting_callers_time_out_at_their_deadline),
		cmocka_unit_test(a_failed_build_releases_the_waiting_callers),
		cmocka_unit_test(one_caller_builds_for_all_after_a_change),
		cmocka_unit_test(returns_valid_entries_while_the_dataset_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
