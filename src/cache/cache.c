#include "cache/cache.h"

#include "base/thread.h"
#include "cache/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { WAITS_MAXIMUM = 2 }; /* builds that one caller waits for */

/* An entry that a caller is building. */
struct build {
	struct build *next;
	char *key;
	struct entry *made;  /* NULL while it is being built and when that failed */
	uint64_t generation; /* of the cache when the build began */
	bool ended;
	unsigned users; /* the builder and the callers that wait */
};

struct cache {
	pthread_mutex_t lock; /* protects what follows */
	pthread_cond_t ended; /* a build ended */
	struct table table;
	struct build *builds;
	uint64_t generation; /* how often the cache was cleared */
	struct cache_numbers counted;
	bool off;
};

bool cache_open(size_t bytes, struct cache **cache, struct error *err)
{
	struct cache *opened = calloc(1, sizeof *opened);

	if (!opened || !table_open(&opened->table, bytes)) {
		free(opened);
		return error_out_of_memory(err);
	}
	opened->off = bytes == 0;
	pthread_mutex_init(&opened->lock, NULL);
	thread_condition_init(&opened->ended);
	*cache = opened;
	return true;
}

void cache_close(struct cache **cache)
{
	if (!*cache)
		return;
	table_close(&(*cache)->table);
	pthread_cond_destroy(&(*cache)->ended);
	pthread_mutex_destroy(&(*cache)->lock);
	free(*cache);
	*cache = NULL;
}

/* Registers a build, with the lock held. Without memory for that the caller builds its own entry,
 * which is not stored. */
static enum cache_outcome begin_build(struct cache *cache, const char *key,
				      struct cache_lookup *lookup)
{
	struct build *build = calloc(1, sizeof *build);
	char *copy = strdup(key);

	if (!build || !copy) {
		free(build);
		free(copy);
		return CACHE_MISS;
	}
	*build = (struct build){
		.next = cache->builds, .key = copy, .generation = cache->generation, .users = 1};
	cache->builds = build;
	lookup->build = build;
	lookup->keep = table_admit(&cache->table, key, lookup->rare);
	return CACHE_MISS;
}

/* Called with the lock held. */
static void leave_build(struct build *build)
{
	if (--build->users > 0)
		return;
	entry_release(&build->made);
	free(build->key);
	free(build);
}

static struct build *running_build(const struct cache *cache, const char *key)
{
	struct build *build = cache->builds;

	while (build && strcmp(build->key, key) != 0)
		build = build->next;
	return build;
}

static bool may_wait(const struct cache_lookup *lookup)
{
	return !lookup->waits || sem_trywait(lookup->waits) == 0;
}

/* Waits for the build of another caller, with the lock held. On CACHE_HIT lookup->entry is what it
 * made, valid or not. */
static enum cache_outcome await_build(struct cache *cache, struct build *build,
				      struct deadline deadline, struct cache_lookup *lookup)
{
	enum cache_outcome outcome = CACHE_MISS;

	if (!may_wait(lookup))
		return CACHE_TIMEOUT;
	cache->counted.waits++;
	build->users++;
	while (!build->ended && thread_wait(&cache->ended, &cache->lock, deadline))
		continue;
	if (lookup->waits)
		sem_post(lookup->waits);
	if (!build->ended)
		outcome = CACHE_TIMEOUT;
	if (build->made) {
		entry_release(&lookup->entry);
		lookup->entry = entry_use(build->made);
		outcome = CACHE_HIT;
	}
	leave_build(build);
	return outcome;
}

static bool find_valid(struct cache *cache, const char *key, const struct entry_validity *wanted,
		       struct cache_lookup *lookup)
{
	entry_release(&lookup->entry);
	lookup->entry = table_find(&cache->table, key);
	return lookup->entry && entry_holds(lookup->entry, wanted);
}

/* No entry is valid; the lock is held. A build that began before the dataset changed makes nothing
 * valid for a caller that came later. Such callers wait once more, for one of them. */
static enum cache_outcome join_build(struct cache *cache, const char *key,
				     const struct entry_validity *wanted, struct deadline deadline,
				     struct cache_lookup *lookup)
{
	for (int waits = 0; waits < WAITS_MAXIMUM; waits++) {
		struct build *build = running_build(cache, key);
		enum cache_outcome outcome;

		if (!build)
			return begin_build(cache, key, lookup);
		outcome = await_build(cache, build, deadline, lookup);
		if (outcome != CACHE_HIT || entry_holds(lookup->entry, wanted) ||
		    find_valid(cache, key, wanted, lookup))
			return outcome;
	}
	return CACHE_MISS;
}

enum cache_outcome cache_get(struct cache *cache, const char *key, bool rare,
			     const struct entry_validity *wanted, struct deadline deadline,
			     struct cache_lookup *lookup)
{
	enum cache_outcome outcome = CACHE_HIT;

	if (cache->off)
		return CACHE_MISS;
	lookup->rare = rare;
	pthread_mutex_lock(&cache->lock);
	if (find_valid(cache, key, wanted, lookup)) {
		cache->counted.hits++;
	} else {
		cache->counted.misses++;
		outcome = join_build(cache, key, wanted, deadline, lookup);
	}
	pthread_mutex_unlock(&cache->lock);
	return outcome;
}

/* Called with the lock held. */
static void store_entry(struct cache *cache, struct entry *entry)
{
	if (entry->size > CACHE_LARGEST) {
		cache->counted.too_large++;
		return;
	}
	cache->counted.stores++;
	cache->counted.evictions += table_store(&cache->table, entry);
}

void cache_complete(struct cache *cache, struct cache_lookup *lookup, struct entry *entry)
{
	struct build *build = lookup->build, **place = &cache->builds;

	if (!build)
		return;
	lookup->build = NULL;
	pthread_mutex_lock(&cache->lock);
	while (*place != build)
		place = &(*place)->next;
	*place = build->next;
	if (entry && build->generation == cache->generation) {
		entry->rare = lookup->rare;
		if (lookup->keep)
			store_entry(cache, entry);
		build->made = entry_use(entry);
	}
	build->ended = true;
	pthread_cond_broadcast(&cache->ended);
	leave_build(build);
	pthread_mutex_unlock(&cache->lock);
}

struct entry *cache_find(struct cache *cache, const char *key, bool count)
{
	struct entry *found;

	if (cache->off)
		return NULL;
	pthread_mutex_lock(&cache->lock);
	found = table_find(&cache->table, key);
	cache->counted.hits += found && count;
	pthread_mutex_unlock(&cache->lock);
	return found;
}

struct entry *cache_recall(struct cache *cache, const char *key, uint64_t serial,
			   const struct entry_validity *wanted)
{
	struct entry *found;
	bool same;

	if (cache->off)
		return NULL;
	pthread_mutex_lock(&cache->lock);
	found = table_find(&cache->table, key);
	same = found && found->serial == serial && entry_holds(found, wanted);
	cache->counted.hits += same;
	pthread_mutex_unlock(&cache->lock);
	if (!same)
		entry_release(&found);
	return found;
}

void cache_clear(struct cache *cache)
{
	pthread_mutex_lock(&cache->lock);
	cache->generation++;
	table_clear(&cache->table);
	pthread_mutex_unlock(&cache->lock);
}

void cache_count_stale(struct cache *cache)
{
	pthread_mutex_lock(&cache->lock);
	cache->counted.stale++;
	pthread_mutex_unlock(&cache->lock);
}

void cache_numbers(struct cache *cache, struct cache_numbers *numbers)
{
	const struct table *table = &cache->table;

	pthread_mutex_lock(&cache->lock);
	*numbers = cache->counted;
	numbers->entries = table->entries;
	numbers->common_bytes = table->lists[0].bytes;
	numbers->rare_bytes = table->lists[1].bytes;
	numbers->bytes = numbers->common_bytes + numbers->rare_bytes;
	pthread_mutex_unlock(&cache->lock);
}
