#include "cache/table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/banned.h"

enum {
	BYTES_A_BUCKET = 2048, /* a small entry with its codings */
	BUCKETS_LEAST = 64,
	TOUCH_MILLISECONDS = 100, /* an entry's place is renewed no more often */
};

/* FNV-1a from a secret start, so that nobody can prepare keys for one bucket. */
static uint64_t hash_key(const struct table *table, const char *key)
{
	uint64_t hash = table->seed;

	while (*key)
		hash = (hash ^ (unsigned char)*key++) * 0x100000001b3u;
	return hash ^ hash >> 29;
}

bool table_open(struct table *table, size_t bytes)
{
	size_t count = BUCKETS_LEAST;

	while (bytes && count < bytes / BYTES_A_BUCKET)
		count *= 2;
	*table = (struct table){.bucket_count = count};
	table->buckets = calloc(count, sizeof *table->buckets);
	table->halves[0].maximum = bytes / 2;
	table->halves[1].maximum = bytes / 2;
	if (getrandom(&table->seed, sizeof table->seed, 0) != (ssize_t)sizeof table->seed)
		table->seed = (uint64_t)(uintptr_t)table->buckets;
	table->seed |= 1;
	return table->buckets;
}

static void unlink_entry(struct half *half, struct entry *entry)
{
	*(entry->newer ? &entry->newer->older : &half->newest) = entry->older;
	*(entry->older ? &entry->older->newer : &half->oldest) = entry->newer;
	entry->newer = entry->older = NULL;
}

static void put_newest(struct half *half, struct entry *entry)
{
	entry->older = half->newest;
	*(half->newest ? &half->newest->newer : &half->oldest) = entry;
	half->newest = entry;
}

static struct entry **place_of(struct table *table, const char *key, uint64_t hash)
{
	struct entry **place = &table->buckets[hash & (table->bucket_count - 1)];

	while (*place && ((*place)->hash != hash || strcmp((*place)->key, key) != 0))
		place = &(*place)->next;
	return place;
}

static void take_out(struct table *table, struct entry *entry)
{
	struct half *half = &table->halves[entry->other];
	struct entry **place = place_of(table, entry->key, entry->hash);

	*place = entry->next;
	entry->next = NULL;
	unlink_entry(half, entry);
	half->bytes -= entry->size;
	table->entries--;
	entry_release(&entry);
}

void table_clear(struct table *table)
{
	for (size_t i = 0; i < 2; i++)
		while (table->halves[i].oldest)
			take_out(table, table->halves[i].oldest);
}

void table_close(struct table *table)
{
	table_clear(table);
	free(table->buckets);
}

struct entry *table_find(struct table *table, const char *key)
{
	struct entry *found = *place_of(table, key, hash_key(table, key));
	int64_t now;

	if (!found)
		return NULL;
	now = entry_clock();
	if (now - found->touched >= TOUCH_MILLISECONDS) {
		found->touched = now;
		unlink_entry(&table->halves[found->other], found);
		put_newest(&table->halves[found->other], found);
	}
	return entry_use(found);
}

bool table_admit(struct table *table, const char *key, bool other)
{
	uint64_t hash = hash_key(table, key);
	uint64_t *once = &table->once[hash % TABLE_ONCE];

	if (!other || *once == hash || *place_of(table, key, hash))
		return true;
	*once = hash;
	return false;
}

size_t table_store(struct table *table, struct entry *entry)
{
	struct half *half = &table->halves[entry->other];
	struct entry *present;
	size_t evicted = 0;

	entry->hash = hash_key(table, entry->key);
	present = *place_of(table, entry->key, entry->hash);
	if (present && present->origin.revision > entry->origin.revision)
		return 0;
	if (present)
		take_out(table, present);
	if (entry->size > half->maximum)
		return 0;
	for (; half->bytes + entry->size > half->maximum; evicted++)
		take_out(table, half->oldest);
	entry->touched = entry_clock();
	entry->next = NULL;
	*place_of(table, entry->key, entry->hash) = entry_use(entry);
	put_newest(half, entry);
	half->bytes += entry->size;
	table->entries++;
	return evicted;
}
