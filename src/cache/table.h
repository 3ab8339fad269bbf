/*
 * table: the entries of a cache by key, and which of them go first. For cache.c, whose lock guards
 * it.
 */
#pragma once
#include "cache/entry.h"

enum { TABLE_ONCE = 8192 }; /* keys that were asked for once and are remembered */

/* Entries in the order of their last use. */
struct share {
	struct entry *newest, *oldest;
	struct entry *full; /* what older ones had to spare is gone, or was in use; NULL: of all */
	size_t bytes, maximum;
	size_t spare; /* of the bytes, those that could be made again */
};

/* Lets go of the spare parts of an entry that nobody else uses. */
typedef void table_thin(struct entry *entry);

struct table {
	struct entry **buckets;
	size_t bucket_count; /* a power of two */
	size_t entries;
	uint64_t seed;
	struct share shares[2]; /* common ones, others */
	table_thin *thin;	/* NULL: no entry has anything to spare */
	uint64_t thinned;	/* so many times */
	uint64_t once[TABLE_ONCE];
};

/* False when out of memory. */
bool table_open(struct table *table, size_t bytes, table_thin *thin);
void table_close(struct table *table);
void table_clear(struct table *table);

/* The entry under the key as the most recently used, with one user more; NULL when there is none.
 */
struct entry *table_find(struct table *table, const char *key);

/* Whether an entry under the key will be kept; remembers for the others that it was asked for. An
 * entry that is kept already counts as asked for before. */
bool table_admit(struct table *table, const char *key, bool other);

/* Keeps the entry, in place of one with its key unless that is newer. For it the least recently
 * used give up what they have to spare, and then go. Gives how many had to go. */
size_t table_store(struct table *table, struct entry *entry);

/* Keeps `fresh` in place of `old`, which the caller uses; false when that is not kept any more, or
 * when there is no room for `fresh`. What others have to spare goes for it, but no entry does. */
bool table_replace(struct table *table, const struct entry *old, struct entry *fresh);
