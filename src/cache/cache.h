/*
 * cache: finished bytes by key, bounded, the least recently used go first.
 *
 * Half of the bytes belong to common entries. The others (a day, a search, a place in a list: there
 * are endlessly many of them) share the other half and are kept only when they are asked for a
 * second time, so that nobody can drive the common ones out by asking for many different things.
 *
 * Before entries go, the least recently used are thinned: of what can be made again from the rest
 * an eighth of the bytes is left.
 *
 * An entry that is missing is made by one caller; the others wait for it. All of it is safe from
 * any thread; the lock is never held while somebody makes an entry or waits.
 */
#pragma once
#include "base/deadline.h"
#include "base/error.h"
#include "cache/entry.h"

enum { CACHE_LARGEST = 1 << 20 }; /* bytes of the largest entry that is kept */

struct cache;

enum cache_outcome {
	CACHE_HIT,   /* there is an entry that holds */
	CACHE_BUILD, /* there is none: the caller makes one and calls cache_built */
	CACHE_LATE   /* somebody else is making it, but not by the deadline */
};

/* What cache_ask gave. All-zero before. */
struct cache_turn {
	struct entry *entry; /* with CACHE_HIT the one that holds, else one that holds no more, or
			      * NULL; the caller's (entry_release) */
	bool keep;	     /* CACHE_BUILD: what is made will be kept, if it is not too large */
	bool other;
	struct build *build; /* for cache_built */
};

/* Counted since the start, but for the last four. */
struct cache_numbers {
	uint64_t hits, misses, waits, stale, stores, evictions, too_large, thinned, replaced;
	size_t entries, bytes, common_bytes, other_bytes;
};

/* Lets go of the spare parts of an entry (entry_part with NULL). Nobody else uses it meanwhile; the
 * lock is held, so it may not call the cache. */
typedef void cache_thin(struct entry *entry);

/* `bytes` 0 keeps nothing: then everything is made for whoever asks. `thin` may be NULL when no
 * entry has spare parts. */
MUST_CHECK bool cache_open(size_t bytes, cache_thin *thin, struct cache **cache, struct error *err);

/* Nobody may be waiting. Entries in use stay until they are released. */
void cache_close(struct cache **cache);

/* Asks for an entry that holds for `wanted`, waiting at most until the deadline. */
enum cache_outcome cache_ask(struct cache *cache, const char *key, bool other,
			     const struct entry_origin *wanted, struct deadline deadline,
			     struct cache_turn *turn);

/* Ends what CACHE_BUILD began. `entry` goes to those who wait and, with turn->keep, into the cache;
 * it stays the caller's. NULL when it could not be made: those who wait then make their own. Those
 * for whom it does not hold wait for one of them. */
void cache_built(struct cache *cache, struct cache_turn *turn, struct entry *entry);

/* The entry under a key, whether it holds or not, without waiting; NULL when there is none. The
 * caller's. With `count` it is counted as a hit. */
struct entry *cache_find(struct cache *cache, const char *key, bool count);

/* The very entry with this serial, if it holds for `wanted`, counted as a hit; else NULL. The
 * caller's. */
struct entry *cache_again(struct cache *cache, const char *key, uint64_t serial,
			  const struct entry_origin *wanted);

/* Keeps an entry as a common one, in place of one with its key. It stays the caller's. */
void cache_keep(struct cache *cache, struct entry *entry);

/* Keeps `fresh` (entry_like) in place of `old`, if that is still kept and no other has to go for
 * it: what can be made again is worth less than what the database must be asked for. Both stay the
 * caller's. */
void cache_replace(struct cache *cache, const struct entry *old, struct entry *fresh);

/* Forgets all entries. */
void cache_clear(struct cache *cache);

/* Counts an entry that was given although it did not hold. */
void cache_count_stale(struct cache *cache);

void cache_numbers(struct cache *cache, struct cache_numbers *numbers);
