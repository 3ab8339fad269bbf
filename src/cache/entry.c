#include "cache/entry.h"

#include <malloc.h>
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

/* What a block really takes: its size is rounded up, and the allocator keeps a word beside it. */
static size_t heap_bytes(void *block)
{
	return block ? malloc_usable_size(block) + sizeof(size_t) : 0;
}

static uint64_t next_serial(void)
{
	static _Atomic uint64_t given_so_far;

	return atomic_fetch_add(&given_so_far, 1) + 1;
}

struct entry *entry_make(const char *key, const struct entry_origin *origin, size_t own)
{
	size_t length = strlen(key);
	/* All in one block: of small entries there are tens of thousands. */
	struct entry *made = calloc(1, sizeof *made + own + length + 1);

	if (!made)
		return NULL;
	memcpy(made->own + own, key, length + 1);
	made->key = (const char *)made->own + own;
	made->origin = *origin;
	made->serial = next_serial();
	made->stored = entry_clock();
	made->size = heap_bytes(made);
	atomic_init(&made->users, 1);
	return made;
}

struct entry *entry_like(const struct entry *entry)
{
	const size_t own = (size_t)(entry->key - (const char *)entry->own);
	struct entry *made = entry_make(entry->key, &entry->origin, own);

	if (!made)
		return NULL;
	memcpy(made->own, entry->own, own);
	made->stored = entry->stored;
	return made;
}

void entry_part(struct entry *entry, size_t part, void *bytes)
{
	entry->size -= heap_bytes(entry->parts[part]);
	free(entry->parts[part]);
	entry->parts[part] = bytes;
	entry->size += heap_bytes(bytes);
	entry->spare &= (unsigned char)~(1U << part);
}

void entry_can_spare(struct entry *entry, size_t part)
{
	if (entry->parts[part])
		entry->spare |= (unsigned char)(1U << part);
}

size_t entry_spare(const struct entry *entry)
{
	size_t bytes = 0;

	for (size_t i = 0; i < ENTRY_PARTS; i++)
		if (entry->spare >> i & 1)
			bytes += heap_bytes(entry->parts[i]);
	return bytes;
}

void entry_changed(struct entry *entry)
{
	entry->serial = next_serial();
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
		free(released->parts[i]);
	free(released);
}

bool entry_alone(struct entry *entry)
{
	/* What the last of the others read, it has read by now. */
	return atomic_load_explicit(&entry->users, memory_order_acquire) == 1;
}

bool entry_holds(const struct entry *entry, const struct entry_origin *wanted)
{
	return entry->origin.revision >= wanted->revision &&
	       (entry->origin.day == ENTRY_ANY_DAY || entry->origin.day == wanted->day);
}
