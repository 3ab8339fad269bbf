/*
 * Many threads at one cache. Run under the thread sanitizer, this is the test of its locking.
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

enum { THREADS = 8, ROUNDS = 2000, KEYS = 40, PATIENCE = 20000 };

struct shared {
	struct cache *cache;
	_Atomic uint64_t revision;
	atomic_int made, failed;
	pthread_barrier_t start;
};

static void nap(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
}

/* So large that all keys together never have room. */
static char *spare_part(const char *key)
{
	char *part = calloc(1, 500);

	if (part)
		memcpy(part, key, strlen(key));
	return part;
}

static struct entry *make(const char *key, const struct entry_origin *origin)
{
	struct entry *entry = entry_make(key, origin, 0);

	if (!entry)
		return NULL;
	entry_part(entry, 0, spare_part(key));
	entry_part(entry, 1, strdup(key));
	entry_can_spare(entry, 0);
	return entry;
}

static void thin(struct entry *entry)
{
	entry_part(entry, 0, NULL);
}

/* One with the part that is missing, in its place. */
static void complete(struct shared *shared, struct entry **entry)
{
	struct entry *completed = entry_like(*entry);

	if (!completed)
		return;
	entry_part(completed, 0, spare_part(completed->key));
	entry_part(completed, 1, strdup(completed->key));
	entry_can_spare(completed, 0);
	cache_replace(shared->cache, *entry, completed);
	entry_release(entry);
	*entry = completed;
}

/* All ask for one key at once: one makes it, all get it. */
static void *ask_one(void *context)
{
	static const struct entry_origin wanted = {.revision = 1, .day = ENTRY_ANY_DAY};
	struct shared *shared = context;
	struct cache_turn turn = {0};
	struct entry *entry;

	pthread_barrier_wait(&shared->start);
	if (cache_ask(shared->cache, "/one", false, &wanted, deadline_after(PATIENCE), &turn) ==
	    CACHE_BUILD) {
		atomic_fetch_add(&shared->made, 1);
		nap();
		entry = make("/one", &wanted);
		cache_built(shared->cache, &turn, entry);
		entry_release(&entry);
	} else if (!turn.entry) {
		atomic_fetch_add(&shared->failed, 1);
	}
	entry_release(&turn.entry);
	return NULL;
}

/* The maker fails: each of the others then makes its own. */
static void *ask_failing(void *context)
{
	static const struct entry_origin wanted = {.revision = 1, .day = ENTRY_ANY_DAY};
	struct shared *shared = context;
	struct cache_turn turn = {0};

	pthread_barrier_wait(&shared->start);
	if (cache_ask(shared->cache, "/failing", false, &wanted, deadline_after(PATIENCE), &turn) ==
	    CACHE_BUILD) {
		atomic_fetch_add(&shared->made, 1);
		nap();
		cache_built(shared->cache, &turn, NULL);
	}
	entry_release(&turn.entry);
	return NULL;
}

/* One has begun before a change, the others ask after it. */
static void *ask_around_a_change(void *context)
{
	struct shared *shared = context;
	struct entry_origin wanted = {.revision = 1, .day = ENTRY_ANY_DAY};
	const bool early = atomic_fetch_add(&shared->made, 1) == 0;
	struct cache_turn turn = {0};
	struct entry *entry;
	enum cache_outcome outcome;

	if (!early) {
		pthread_barrier_wait(&shared->start);
		wanted.revision = 2;
	}
	outcome = cache_ask(shared->cache, "/changing", false, &wanted, deadline_after(PATIENCE),
			    &turn);
	if (early) {
		pthread_barrier_wait(&shared->start);
		nap();
	}
	if (outcome == CACHE_BUILD) {
		atomic_fetch_add(&shared->revision, 1);
		entry = make("/changing", &wanted);
		cache_built(shared->cache, &turn, entry);
		entry_release(&entry);
	} else if (outcome != CACHE_HIT || !entry_holds(turn.entry, &wanted)) {
		atomic_fetch_add(&shared->failed, 1);
	}
	entry_release(&turn.entry);
	return NULL;
}

/* Readers while the data change: nobody ever gets an entry older than what it asked for. */
static void *ask_many(void *context)
{
	struct shared *shared = context;
	unsigned random = (unsigned)(uintptr_t)&random;
	char key[16];

	pthread_barrier_wait(&shared->start);
	for (int i = 0; i < ROUNDS; i++) {
		struct entry_origin wanted = {.revision = atomic_load(&shared->revision),
					      .day = ENTRY_ANY_DAY};
		struct cache_turn turn = {0};
		struct entry *entry = NULL;

		random = random * 1664525 + 1013904223;
		snprintf(key, sizeof key, "/%u", (random >> 16) % KEYS);
		if (random % 50 == 0)
			atomic_fetch_add(&shared->revision, 1);
		if (cache_ask(shared->cache, key, random & 1, &wanted, deadline_after(PATIENCE),
			      &turn) == CACHE_HIT) {
			if (!entry_holds(turn.entry, &wanted))
				atomic_fetch_add(&shared->failed, 1);
			if (!turn.entry->parts[0])
				complete(shared, &turn.entry);
			for (int part = 0; part < 2; part++)
				if (strcmp(turn.entry->parts[part], key) != 0)
					atomic_fetch_add(&shared->failed, 1);
		} else {
			entry = make(key, &wanted);
			cache_built(shared->cache, &turn, entry);
		}
		entry_release(&entry);
		entry_release(&turn.entry);
	}
	return NULL;
}

static void run(struct shared *shared, void *(*task)(void *))
{
	pthread_t threads[THREADS];
	struct error err;

	*shared = (struct shared){.revision = 1};
	assert_true(cache_open(16 << 10, thin, &shared->cache, &err));
	pthread_barrier_init(&shared->start, NULL, THREADS);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, task, shared), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&shared->start);
	assert_int_equal(shared->failed, 0);
}

static void one_makes_for_all(void **state)
{
	struct shared shared;

	(void)state;
	run(&shared, ask_one);
	assert_int_equal(shared.made, 1);
	cache_close(&shared.cache);
}

static void a_failure_is_the_makers_alone(void **state)
{
	struct shared shared;

	(void)state;
	run(&shared, ask_failing);
	assert_int_equal(shared.made, THREADS);
	cache_close(&shared.cache);
}

static void after_a_change_one_makes_for_all(void **state)
{
	struct shared shared;

	(void)state;
	run(&shared, ask_around_a_change);
	/* The early one, and one of the others. */
	assert_int_equal(shared.revision - 1, 2);
	cache_close(&shared.cache);
}

static void readers_and_changes_mix(void **state)
{
	struct shared shared;
	struct cache_numbers numbers;

	(void)state;
	run(&shared, ask_many);
	cache_numbers(shared.cache, &numbers);
	assert_true(numbers.bytes <= 16 << 10);
	assert_true(numbers.thinned > 0);
	assert_true(numbers.replaced > 0);
	assert_true(numbers.hits > 0);
	cache_close(&shared.cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_makes_for_all),
		cmocka_unit_test(a_failure_is_the_makers_alone),
		cmocka_unit_test(after_a_change_one_makes_for_all),
		cmocka_unit_test(readers_and_changes_mix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
