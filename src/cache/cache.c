#include "cache/cache.h"

#include "base/thread.h"
#include "cache/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* An entry that is being made, and those who wait for it. */
struct build {
	struct build *next;
	char *key;
	struct entry *made; /* NULL until it is, or when it could not be */
	bool ended;
	unsigned users; /* the maker and those who wait */
	pthread_cond_t changed;
};

struct cache {
	pthread_mutex_t lock; /* guards all below */
	struct table table;
	struct build *builds;
	struct cache_numbers counted;
	bool off;
};

bool cache_open(size_t bytes, cache_thin *thin, struct cache **cache, struct error *err)
{
	struct cache *opened = calloc(1, sizeof *opened);

	if (!opened || !table_open(&opened->table, bytes, thin)) {
		free(opened);
		return error_out_of_memory(err);
	}
	opened->off = bytes == 0;
	pthread_mutex_init(&opened->lock, NULL);
	*cache = opened;
	return true;
}

void cache_close(struct cache **cache)
{
	if (!*cache)
		return;
	table_close(&(*cache)->table);
	pthread_mutex_destroy(&(*cache)->lock);
	free(*cache);
	*cache = NULL;
}

/* Called with the lock held. NULL when out of memory: the caller then makes its own entry. */
static struct build *begin_build(struct cache *cache, const char *key)
{
	struct build *build = calloc(1, sizeof *build);

	if (build)
		build->key = strdup(key);
	if (!build || !build->key) {
		free(build);
		return NULL;
	}
	build->users = 1;
	thread_condition_init(&build->changed);
	build->next = cache->builds;
	cache->builds = build;
	return build;
}

/* Called with the lock held. */
static void leave_build(struct build *build)
{
	if (--build->users > 0)
		return;
	pthread_cond_destroy(&build->changed);
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

/* Waits for somebody else's entry; the lock is held. *again: one was made, but does not hold. */
static enum cache_outcome await(struct cache *cache, struct build *build,
				const struct entry_origin *wanted, struct deadline deadline,
				struct cache_turn *turn, bool *again)
{
	enum cache_outcome outcome = CACHE_LATE;

	cache->counted.waits++;
	build->users++;
	while (!build->ended)
		if (!thread_wait(&build->changed, &cache->lock, deadline))
			break;
	/* What was begun before the data changed is nothing to one who came after. */
	if (build->ended && build->made && entry_holds(build->made, wanted)) {
		entry_release(&turn->entry);
		turn->entry = entry_use(build->made);
		outcome = CACHE_HIT;
	} else if (build->ended) {
		*again = build->made;
		outcome = CACHE_BUILD;
	}
	leave_build(build);
	return outcome;
}

/* Called with the lock held. */
static bool find_held(struct cache *cache, const char *key, const struct entry_origin *wanted,
		      struct cache_turn *turn)
{
	entry_release(&turn->entry);
	turn->entry = table_find(&cache->table, key);
	return turn->entry && entry_holds(turn->entry, wanted);
}

/* No entry holds; the lock is held. After a change those who waited for what was begun before it
 * look again and wait once more, for one of them, and not longer: what does not hold even then will
 * not soon. */
static enum cache_outcome join(struct cache *cache, const char *key,
			       const struct entry_origin *wanted, struct deadline deadline,
			       struct cache_turn *turn)
{
	bool again = true;

	for (int wait = 0; wait < 2 && again; wait++) {
		struct build *build = running_build(cache, key);
		enum cache_outcome outcome;

		if (!build) {
			turn->build = begin_build(cache, key);
			turn->keep = turn->build && table_admit(&cache->table, key, turn->other);
			return CACHE_BUILD;
		}
		again = false;
		outcome = await(cache, build, wanted, deadline, turn, &again);
		if (outcome != CACHE_BUILD)
			return outcome;
		if (again && find_held(cache, key, wanted, turn))
			return CACHE_HIT;
	}
	return CACHE_BUILD;
}

enum cache_outcome cache_ask(struct cache *cache, const char *key, bool other,
			     const struct entry_origin *wanted, struct deadline deadline,
			     struct cache_turn *turn)
{
	enum cache_outcome outcome = CACHE_HIT;

	if (cache->off)
		return CACHE_BUILD;
	turn->other = other;
	pthread_mutex_lock(&cache->lock);
	if (find_held(cache, key, wanted, turn)) {
		cache->counted.hits++;
	} else {
		cache->counted.misses++;
		outcome = join(cache, key, wanted, deadline, turn);
	}
	pthread_mutex_unlock(&cache->lock);
	return outcome;
}

/* Called with the lock held. */
static void keep(struct cache *cache, struct entry *entry)
{
	if (entry->size > CACHE_LARGEST) {
		cache->counted.too_large++;
		return;
	}
	cache->counted.stores++;
	cache->counted.evictions += table_store(&cache->table, entry);
}

void cache_built(struct cache *cache, struct cache_turn *turn, struct entry *entry)
{
	struct build *build = turn->build, **place = &cache->builds;

	if (!build)
		return;
	turn->build = NULL;
	pthread_mutex_lock(&cache->lock);
	while (*place != build)
		place = &(*place)->next;
	*place = build->next;
	if (entry && turn->keep) {
		entry->other = turn->other;
		keep(cache, entry);
	}
	build->made = entry ? entry_use(entry) : NULL;
	build->ended = true;
	pthread_cond_broadcast(&build->changed);
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
	if (found && count)
		cache->counted.hits++;
	pthread_mutex_unlock(&cache->lock);
	return found;
}

struct entry *cache_again(struct cache *cache, const char *key, uint64_t serial,
			  const struct entry_origin *wanted)
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

void cache_keep(struct cache *cache, struct entry *entry)
{
	if (cache->off)
		return;
	pthread_mutex_lock(&cache->lock);
	keep(cache, entry);
	pthread_mutex_unlock(&cache->lock);
}

void cache_replace(struct cache *cache, const struct entry *old, struct entry *fresh)
{
	if (cache->off || fresh->size > CACHE_LARGEST)
		return;
	pthread_mutex_lock(&cache->lock);
	cache->counted.replaced += table_replace(&cache->table, old, fresh);
	pthread_mutex_unlock(&cache->lock);
}

void cache_clear(struct cache *cache)
{
	pthread_mutex_lock(&cache->lock);
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
	numbers->thinned = table->thinned;
	numbers->entries = table->entries;
	numbers->common_bytes = table->shares[0].bytes;
	numbers->other_bytes = table->shares[1].bytes;
	numbers->bytes = numbers->common_bytes + numbers->other_bytes;
	pthread_mutex_unlock(&cache->lock);
}
