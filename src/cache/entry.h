/*
 * entry: a cached response. Any number of threads may read it at once; the last user frees it.
 */
#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ENTRY_BODIES = 2, ENTRY_ANY_DAY = -1 };

/* The dataset revision and the day that an entry was made for. */
struct entry_validity {
	uint64_t revision;
	long day; /* since 1970; ENTRY_ANY_DAY: the entry does not depend on the day */
};

/* Read-only for all users. */
struct entry {
	struct entry_validity validity;
	uint64_t serial; /* unique in this process */
	int64_t stored;	 /* when it was made: CLOCK_MONOTONIC in milliseconds */
	const char *key;
	void *bodies[ENTRY_BODIES]; /* malloced and owned; NULL: there is none */

	/* For cache.c and table.c. */
	size_t size; /* in bytes, with the overhead of the allocator */
	uint64_t hash;
	struct entry *next, *newer, *older;
	atomic_uint users;
	bool rare;

	_Alignas(max_align_t) unsigned char own[]; /* the maker's, as many bytes as requested */
};

/* Makes an entry with one user and `own` zeroed bytes. NULL when out of memory. */
struct entry *entry_make(const char *key, const struct entry_validity *validity, size_t own);

/* Adds a malloced body, of which the entry takes ownership. Only the maker may call this, before
 * other threads can see the entry. */
void entry_add(struct entry *entry, size_t body, void *bytes);

/* Adds a user and returns the entry. */
struct entry *entry_use(struct entry *entry);

/* Removes a user and sets *entry to NULL. *entry may be NULL. */
void entry_release(struct entry **entry);

/* Whether the entry is valid for this revision of the dataset, or an older one, on this day. */
bool entry_holds(const struct entry *entry, const struct entry_validity *wanted);

/* Now, on the clock of `stored`. */
int64_t entry_clock(void);
