/*
 * entry: bytes that many may use at once. It goes when the last one has let go.
 */
#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ENTRY_PARTS = 4, ENTRY_ANY_DAY = -1 };

/* What an entry was made from, and until when it holds. */
struct entry_origin {
	uint64_t revision; /* of the data, as it was seen when the bytes were made */
	long day;	   /* since 1970, for which the bytes hold; ENTRY_ANY_DAY: for all */
};

/* Read only, all of it, for whoever uses one. */
struct entry {
	struct entry_origin origin;
	uint64_t serial; /* no other entry of this process has it */
	int64_t stored;	 /* CLOCK_MONOTONIC in milliseconds, when it was made */
	struct {
		void *bytes;
		size_t length;
	} parts[ENTRY_PARTS]; /* what they mean is the user's */

	/* For cache.c. */
	size_t size; /* all that it takes */
	uint64_t hash;
	int64_t touched;
	struct entry *next, *newer, *older;
	bool other;
	atomic_uint users;
	char key[];
};

/* Makes an entry with one user, who then adds parts. NULL when out of memory. */
struct entry *entry_make(const char *key, const struct entry_origin *origin);

/* Hands a malloced part over, before anybody else sees the entry. */
void entry_part(struct entry *entry, size_t part, void *bytes, size_t length);

/* One user more; gives the entry. One less, and *entry is NULL. NULL is allowed. */
struct entry *entry_use(struct entry *entry);
void entry_release(struct entry **entry);

/* True when the entry holds for data of this revision (or older) on this day. */
bool entry_holds(const struct entry *entry, const struct entry_origin *wanted);

/* The clock of `stored`. */
int64_t entry_clock(void);
