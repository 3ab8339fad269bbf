/*
 * cache: a size-bounded LRU cache of responses.
 *
 * Common and rare entries have half of the bytes each. The values of some parameters are endless (a
 * search, a day, a cursor); entries for them are rare. They are stored when they are requested for
 * the second time. So a client that sends a new search each time cannot evict what others use.
 *
 * When an entry is missing, one caller builds it and the others wait for it. All functions are
 * thread-safe. The lock is never held while a caller builds or waits.
 */
#pragma once
#include "base/deadline.h"
#include "base/error.h"
#include "cache/entry.h"

#include <semaphore.h>

enum { CACHE_LARGEST = 1 << 20 }; /* bytes of the largest entry that is stored */

struct cache;

enum cache_outcome {
	CACHE_HIT,    /* there is a valid entry */
	CACHE_MISS,   /* there is none: the caller builds one and calls cache_complete */
	CACHE_TIMEOUT /* another caller is building it and did not finish by the deadline, or too
		       * many callers wait */
};

/* The result of cache_get. All-zero before, except `waits`. */
struct cache_lookup {
	sem_t *waits;	     /* how many callers of this kind may wait; NULL: any number */
	struct entry *entry; /* with CACHE_HIT the valid one, else an invalid one or NULL; owned by
			      * the caller (entry_release) */
	bool keep;	     /* CACHE_MISS: the new entry will be stored if it is not too large */
	bool rare;
	struct build *build; /* for cache_complete */
};

/* Counters since the start; the last four are current. */
struct cache_numbers {
	uint64_t hits, misses, waits, stale, stores, evictions, too_large;
	uint64_t entries, bytes, common_bytes, rare_bytes;
};

/* With `bytes` 0 nothing is stored and every lookup is a miss. */
MUST_CHECK bool cache_open(size_t bytes, struct cache **cache, struct error *err);

/* No caller may be waiting. Entries in use live until they are released. */
void cache_close(struct cache **cache);

/* Looks for an entry that is valid for `wanted`. When another caller is building it, waits for that
 * until the deadline at most. */
enum cache_outcome cache_get(struct cache *cache, const char *key, bool rare,
			     const struct entry_validity *wanted, struct deadline deadline,
			     struct cache_lookup *lookup);

/* Ends a CACHE_MISS. The waiting callers get `entry`, and with lookup->keep the cache stores it;
 * the caller keeps its own reference. NULL: the build failed. Then each waiting caller gets
 * CACHE_MISS. An entry whose build began before cache_clear counts as failed. */
void cache_complete(struct cache *cache, struct cache_lookup *lookup, struct entry *entry);

/* The entry under a key, valid or not, as the caller's reference; NULL when there is none. Does not
 * wait. With `count` it counts as a hit. */
struct entry *cache_find(struct cache *cache, const char *key, bool count);

/* The entry under a key as the caller's reference if it has this serial and is valid for `wanted`;
 * it then counts as a hit. Else NULL. */
struct entry *cache_recall(struct cache *cache, const char *key, uint64_t serial,
			   const struct entry_validity *wanted);

/* Removes all entries. */
void cache_clear(struct cache *cache);

/* Counts an entry that was served although it was not valid. */
void cache_count_stale(struct cache *cache);

void cache_numbers(struct cache *cache, struct cache_numbers *numbers);
