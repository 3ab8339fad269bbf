/*
 * migration: numbered steps that bring a database's schema up to date, each applied once.
 *
 * A list of them is in the order of names and ends with a null pointer.
 *
 * The table `migration` records what was applied, with the checksum of its text. Its rows
 * must be the first steps that this program knows, unedited and in order; steps of a later program
 * may follow.
 */
#pragma once
#include <stddef.h>

#include "base/embedded.h"
#include "base/error.h"
#include "db/rows.h"

struct session;

struct migration_options {
	bool allow_newer;	/* steps that this program does not know may follow its own */
	long lock_milliseconds; /* to wait for other sessions: our lock, then a step's tables */
	void (*applied)(void *context, const char *name); /* called after each step */
	void *context;
};

/* Applies the steps of a list that are missing, in order, each in a transaction with its record. A
 * session lock keeps others out, so it is safe to call from two processes at once; it needs a
 * connection that is not pooled by transaction. A step that does not soon get its tables is rolled
 * back, so that later readers do not queue behind it, and tried again. *newer is the number of
 * steps that only the database knows. What was applied before a failure stays applied; the session
 * can then only be closed. */
MUST_CHECK bool migration_apply(struct session *session, const struct embedded *const *list,
				const struct migration_options *options, size_t *newer,
				struct error *err);

/* Returns the step of that name; NULL when the list has none. */
const struct embedded *migration_find(const struct embedded *const *list, const char *name);

/* True when every step of the list is recorded with its checksum. `recorded` has the columns name
 * and checksum; steps that are not in the list are ignored. */
bool migration_current(const struct rows *recorded, const struct embedded *const *list);
