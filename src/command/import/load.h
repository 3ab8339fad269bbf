/*
 * load: writes the staging rows of a dataset to the database, in one transaction.
 */
#pragma once
#include "command/import/dataset.h"
#include "db/session.h"

enum { LOAD_NUMBERS = 4 };

struct load_result {
	struct load_counts {
		char relation[64];
		long numbers[LOAD_NUMBERS]; /* added, changed, unchanged, retracted */
	} relations[32];
	size_t count;
	long before, after; /* revision of the dataset */
};

/* With `reinstate`, retracted records may return. When the database finds the rows wrong, the
 * function adds problems to the dataset, commits nothing and returns true. */
MUST_CHECK bool load_dataset(struct dataset *dataset, struct session *session, bool reinstate,
			     struct load_result *result, struct error *err);

/* Fails with ERROR_BAD_REQUEST when the database has no tables for a dataset. */
MUST_CHECK bool load_check_tables(struct session *session, struct error *err);

/* Reads the revision of the dataset in the database. */
MUST_CHECK bool load_revision(struct session *session, long *revision, struct error *err);
