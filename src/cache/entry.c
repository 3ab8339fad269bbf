#include "cache/entry.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/banned.h"

int64_t entry_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct entry *entry_make(const char *key, const struct entry_origin *origin)
{
	static _Atomic uint64_t made_so_far;
	size_t length = strlen(key);
	struct entry *made = calloc(1, sizeof *made + length + 1);

	if (!made)
		return NULL;
	memcpy(made->key, key, length + 1);
	made->origin = *origin;
	made->serial = atomic_fetch_add(&made_so_far, 1) + 1;
	made->stored = entry_clock();
	made->size = sizeof *made + length + 1;
	atomic_init(&made->users, 1);
	return made;
}

void entry_part(struct entry *entry, size_t part, void *bytes, size_t length)
{
	entry->parts[part].bytes = bytes;
	entry->parts[part].length = length;
	entry->size += length;
}

struct entry *entry_use(struct entry *entry)
{
	atomic_fetch_add_explicit(&entry->users, 1, memory_order_relaxed);
	return entry;
}

void entry_release(struct entry **entry)
{
	struct entry *released = *entry;

	*entry = NULL;
	if (!released || atomic_fetch_sub_explicit(&released->users, 1, memory_order_acq_rel) != 1)
		return;
	for (size_t i = 0; i < ENTRY_PARTS; i++)
		free(released->parts[i].bytes);
	free(released);
}

bool entry_holds(const struct entry *entry, const struct entry_origin *wanted)
{
	return entry->origin.revision >= wanted->revision &&
	       (entry->origin.day == ENTRY_ANY_DAY || entry->origin.day == wanted->day);
}
