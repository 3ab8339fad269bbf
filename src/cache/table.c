#include "cache/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { BYTES_PER_BUCKET = 2048, BUCKETS_MINIMUM = 64 };

/* FNV-1a with a secret start, so that clients cannot choose keys that share a bucket. */
static uint64_t hash_key(const struct table *table, const char *key)
{
	uint64_t hash = table->seed;

	while (*key)
		hash = (hash ^ (unsigned char)*key++) * 0x100000001b3u;
	return hash ^ hash >> 29;
}

bool table_open(struct table *table, size_t bytes)
{
	size_t count = BUCKETS_MINIMUM;

	while (count < bytes / BYTES_PER_BUCKET)
		count *= 2;
	*table = (struct table){.bucket_count = count, .maximum = bytes / 2};
	table->buckets = calloc(count, sizeof *table->buckets);
	arc4random_buf(&table->seed, sizeof table->seed);
	table->seed |= 1;
	return table->buckets;
}

static struct lru_list *list_of(struct table *table, const struct entry *entry)
{
	return &table->lists[entry->rare];
}

static void unlink_entry(struct lru_list *list, struct entry *entry)
{
	*(entry->newer ? &entry->newer->older : &list->newest) = entry->older;
	*(entry->older ? &entry->older->newer : &list->oldest) = entry->newer;
	entry->newer = entry->older = NULL;
}

static void link_newest(struct lru_list *list, struct entry *entry)
{
	entry->older = list->newest;
	*(list->newest ? &list->newest->newer : &list->oldest) = entry;
	list->newest = entry;
}

/* The pointer to the entry under the key, or to the NULL that ends its bucket. */
static struct entry **place_of(struct table *table, const char *key, uint64_t hash)
{
	struct entry **place = &table->buckets[hash & (table->bucket_count - 1)];

	while (*place && ((*place)->hash != hash || strcmp((*place)->key, key) != 0))
		place = &(*place)->next;
	return place;
}

static void remove_entry(struct table *table, struct entry *entry)
{
	*place_of(table, entry->key, entry->hash) = entry->next;
	unlink_entry(list_of(table, entry), entry);
	list_of(table, entry)->bytes -= entry->size;
	table->entries--;
	entry_release(&entry);
}

void table_clear(struct table *table)
{
	for (size_t i = 0; i < 2; i++)
		while (table->lists[i].oldest)
			remove_entry(table, table->lists[i].oldest);
}

void table_close(struct table *table)
{
	table_clear(table);
	free(table->buckets);
}

struct entry *table_find(struct table *table, const char *key)
{
	struct entry *found = *place_of(table, key, hash_key(table, key));

	if (!found)
		return NULL;
	unlink_entry(list_of(table, found), found);
	link_newest(list_of(table, found), found);
	return entry_use(found);
}

bool table_admit(struct table *table, const char *key, bool rare)
{
	const uint64_t hash = hash_key(table, key);
	uint64_t *fingerprint = &table->fingerprints[hash % TABLE_FINGERPRINTS];

	if (!rare || *fingerprint == hash || *place_of(table, key, hash))
		return true;
	*fingerprint = hash;
	return false;
}

size_t table_store(struct table *table, struct entry *entry)
{
	struct lru_list *list = list_of(table, entry);
	struct entry **place;
	size_t evicted = 0;

	entry->hash = hash_key(table, entry->key);
	place = place_of(table, entry->key, entry->hash);
	if (*place && (*place)->validity.revision > entry->validity.revision)
		return 0;
	if (*place)
		remove_entry(table, *place);
	if (entry->size > table->maximum)
		return 0;
	for (; list->bytes + entry->size > table->maximum; evicted++)
		remove_entry(table, list->oldest);
	/* Eviction may have freed the entry that held the pointer. */
	entry->next = NULL;
	*place_of(table, entry->key, entry->hash) = entry_use(entry);
	link_newest(list, entry);
	list->bytes += entry->size;
	table->entries++;
	return evicted;
}
