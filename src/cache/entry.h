/*
 * entry: bytes that many may use at once. It goes when the last one has let go.
 */
#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ENTRY_PARTS = 3, ENTRY_ANY_DAY = -1 };

/* What an entry was made from, and until when it holds. */
struct entry_origin {
	uint64_t revision; /* of the data, as it was seen when the bytes were made */
	long day;	   /* since 1970, for which the bytes hold; ENTRY_ANY_DAY: for all */
};

/* Read only, all of it, for whoever uses one. */
struct entry {
	struct entry_origin origin;
	uint64_t serial; /* no other entry of this process has it, nor this one with other parts */
	int64_t stored;	 /* CLOCK_MONOTONIC in milliseconds, when it was made */
	const char *key;
	void *parts[ENTRY_PARTS]; /* malloced; what they mean is the user's */

	/* For cache.c. */
	size_t size; /* all that it takes, with what the allocator adds */
	uint64_t hash;
	int64_t touched;
	struct entry *next, *newer, *older;
	atomic_uint users;
	bool other;
	unsigned char spare; /* a bit for each part that can be made again from the others */

	_Alignas(max_align_t) unsigned char own[]; /* the user's, as much as was asked for */
};

/* Makes an entry with one user and `own` zeroed bytes, to which the user then adds parts. NULL when
 * out of memory. */
struct entry *entry_make(const char *key, const struct entry_origin *origin, size_t own);

/* Makes one that is as old as another, with the same key and the same own bytes, but without parts.
 * NULL when out of memory. */
struct entry *entry_like(const struct entry *entry);

/* Hands a malloced part over in the place of the one that was there, before anybody else sees the
 * entry. NULL for none. */
void entry_part(struct entry *entry, size_t part, void *bytes);

/* Says that a part that is there can be made again from the others. */
void entry_can_spare(struct entry *entry, size_t part);

/* How many bytes the spare parts take. */
size_t entry_spare(const struct entry *entry);

/* Gives it another serial, when its parts have changed while nobody else used it. */
void entry_changed(struct entry *entry);

/* One user more; gives the entry. One less, and *entry is NULL. NULL is allowed. */
struct entry *entry_use(struct entry *entry);
void entry_release(struct entry **entry);

/* True when nobody but the caller uses it. */
bool entry_alone(struct entry *entry);

/* True when the entry holds for data of this revision (or older) on this day. */
bool entry_holds(const struct entry *entry, const struct entry_origin *wanted);

/* The clock of `stored`. */
int64_t entry_clock(void);
