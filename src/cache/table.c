#include "cache/table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/banned.h"

enum {
	BYTES_A_BUCKET = 2048, /* a small entry with its codings */
	BUCKETS_LEAST = 64,
	TOUCH_MILLISECONDS = 100, /* an entry's place is renewed no more often */
	SPARED = 8, /* one of so many parts of a share stays with what could be made again */
};

/* FNV-1a from a secret start, so that nobody can prepare keys for one bucket. */
static uint64_t hash_key(const struct table *table, const char *key)
{
	uint64_t hash = table->seed;

	while (*key)
		hash = (hash ^ (unsigned char)*key++) * 0x100000001b3u;
	return hash ^ hash >> 29;
}

bool table_open(struct table *table, size_t bytes, table_thin *thin)
{
	size_t count = BUCKETS_LEAST;

	while (bytes && count < bytes / BYTES_A_BUCKET)
		count *= 2;
	*table = (struct table){.bucket_count = count, .thin = thin};
	table->buckets = calloc(count, sizeof *table->buckets);
	table->shares[0].maximum = table->shares[1].maximum = bytes / 2;
	if (getrandom(&table->seed, sizeof table->seed, 0) != (ssize_t)sizeof table->seed)
		table->seed = (uint64_t)(uintptr_t)table->buckets;
	table->seed |= 1;
	return table->buckets;
}

static void unlink_entry(struct share *share, struct entry *entry)
{
	if (share->full == entry)
		share->full = entry->newer;
	*(entry->newer ? &entry->newer->older : &share->newest) = entry->older;
	*(entry->older ? &entry->older->newer : &share->oldest) = entry->newer;
	entry->newer = entry->older = NULL;
}

static void put_newest(struct share *share, struct entry *entry)
{
	entry->older = share->newest;
	*(share->newest ? &share->newest->newer : &share->oldest) = entry;
	share->newest = entry;
	if (!share->full && entry->spare)
		share->full = entry;
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
	struct share *share = &table->shares[entry->other];
	struct entry **place = place_of(table, entry->key, entry->hash);

	*place = entry->next;
	entry->next = NULL;
	unlink_entry(share, entry);
	share->bytes -= entry->size;
	share->spare -= entry_spare(entry);
	table->entries--;
	entry_release(&entry);
}

void table_clear(struct table *table)
{
	for (size_t i = 0; i < 2; i++)
		while (table->shares[i].oldest)
			take_out(table, table->shares[i].oldest);
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
		unlink_entry(&table->shares[found->other], found);
		put_newest(&table->shares[found->other], found);
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

/* Takes from the least recently used entry that has some what it can spare. */
static bool thin_one(struct table *table, struct share *share)
{
	while (share->full) {
		struct entry *entry = share->full;

		share->full = entry->newer;
		if (!entry->spare || !entry_alone(entry))
			continue;
		share->bytes -= entry->size;
		share->spare -= entry_spare(entry);
		table->thin(entry);
		entry_changed(entry);
		share->bytes += entry->size;
		table->thinned++;
		return true;
	}
	return false;
}

static size_t make_room(struct table *table, struct share *share, size_t bytes)
{
	size_t evicted = 0;

	/* What is asked for most stays whole, however many are asked for once. */
	while (share->bytes + bytes > share->maximum && share->spare > share->maximum / SPARED)
		if (!thin_one(table, share))
			break;
	for (; share->bytes + bytes > share->maximum; evicted++)
		take_out(table, share->oldest);
	return evicted;
}

size_t table_store(struct table *table, struct entry *entry)
{
	struct share *share = &table->shares[entry->other];
	struct entry *present;
	size_t evicted;

	entry->hash = hash_key(table, entry->key);
	present = *place_of(table, entry->key, entry->hash);
	if (present && present->origin.revision > entry->origin.revision)
		return 0;
	if (present)
		take_out(table, present);
	if (entry->size > share->maximum)
		return 0;
	evicted = make_room(table, share, entry->size);
	entry->touched = entry_clock();
	entry->next = NULL;
	*place_of(table, entry->key, entry->hash) = entry_use(entry);
	put_newest(share, entry);
	share->bytes += entry->size;
	share->spare += entry_spare(entry);
	table->entries++;
	return evicted;
}

/* Makes room for `fresh` in place of `old`, which somebody uses, from what others have to spare. */
static bool spare_room(struct table *table, struct share *share, const struct entry *old,
		       const struct entry *fresh)
{
	const size_t least = share->bytes - old->size - (share->spare - entry_spare(old));

	if (least + fresh->size > share->maximum)
		return false;
	while (share->bytes - old->size + fresh->size > share->maximum)
		if (!thin_one(table, share))
			return false;
	return true;
}

bool table_replace(struct table *table, const struct entry *old, struct entry *fresh)
{
	if (*place_of(table, old->key, old->hash) != old ||
	    !spare_room(table, &table->shares[old->other], old, fresh))
		return false;
	fresh->other = old->other;
	table_store(table, fresh);
	return true;
}
