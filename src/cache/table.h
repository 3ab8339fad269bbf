/*
 * table: the entries of a cache by key, with the order of their last use. Not thread-safe: the lock
 * of cache.c protects it.
 */
#pragma once
#include "cache/entry.h"

enum { TABLE_FINGERPRINTS = 8192 };

/* Entries in the order of their last use. */
struct lru_list {
	struct entry *newest, *oldest;
	size_t bytes;
};

struct table {
	struct entry **buckets;
	size_t bucket_count; /* a power of two */
	size_t entries;
	size_t maximum; /* bytes of each list */
	uint64_t seed;
	struct lru_list lists[2];		   /* common entries, rare entries */
	uint64_t fingerprints[TABLE_FINGERPRINTS]; /* of rare keys that were requested once */
};

/* Each list may hold half of the bytes. False when out of memory. */
bool table_open(struct table *table, size_t bytes);
void table_close(struct table *table);

/* Removes all entries. */
void table_clear(struct table *table);

/* Returns the entry under the key with one more user and makes it the most recently used; NULL when
 * there is none. */
struct entry *table_find(struct table *table, const char *key);

/* Whether the table should store an entry under the key: always a common one, a rare one from its
 * second request on. */
bool table_admit(struct table *table, const char *key, bool rare);

/* Stores the entry with one more user. It replaces an entry with its key, unless that one has a
 * later revision. Evicts the least recently used entries of its list until there is room, and
 * returns how many those were. */
size_t table_store(struct table *table, struct entry *entry);
