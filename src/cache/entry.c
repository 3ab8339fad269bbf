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

/* The allocator rounds sizes up and stores one word in front of each block. */
static size_t heap_bytes(void *block)
{
	return block ? malloc_usable_size(block) + sizeof(size_t) : 0;
}

struct entry *entry_make(const char *key, const struct entry_validity *validity, size_t own)
{
	static _Atomic uint64_t serials;
	size_t length = strlen(key);
	/* One block, since there are tens of thousands of small entries. */
	struct entry *made = calloc(1, sizeof *made + own + length + 1);

	if (!made)
		return NULL;
	memcpy(made->own + own, key, length + 1);
	made->key = (const char *)made->own + own;
	made->validity = *validity;
	made->serial = atomic_fetch_add(&serials, 1) + 1;
	made->stored = entry_clock();
	made->size = heap_bytes(made);
	atomic_init(&made->users, 1);
	return made;
}

void entry_add(struct entry *entry, size_t body, void *bytes)
{
	entry->bodies[body] = bytes;
	entry->size += heap_bytes(bytes);
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
	for (size_t i = 0; i < ENTRY_BODIES; i++)
		free(released->bodies[i]);
	free(released);
}

bool entry_holds(const struct entry *entry, const struct entry_validity *wanted)
{
	return entry->validity.revision >= wanted->revision &&
	       (entry->validity.day == ENTRY_ANY_DAY || entry->validity.day == wanted->day);
}
