/*
 * dataset: a dataset in memory: its files, their records as staging rows, and their problems.
 *
 * Reading does not stop at the first mistake. A wrong value becomes a problem and is staged as
 * NULL, so that the checks in the database do not report it a second time.
 */
#pragma once
#include "base/arena.h"
#include "command/import/problem_list.h"
#include "command/import/staging_rows.h"

#define NO_COLUMN SIZE_MAX

struct dataset_file {
	const char *name; /* relative to the folder */
	char *text;
	size_t length;
	const struct relation *relation; /* of its rows (CSV) or its records (JSON) */
	bool csv;
	size_t columns[64]; /* CSV: the column of each field, or NO_COLUMN */
};

/* All-zero is empty, but not usable: see dataset_open. */
struct dataset {
	struct staging_rows rows;
	struct problem_list problems;
	struct arena *memory; /* files, and texts of problems */
	bool failed;	      /* out of memory: the contents are not to be trusted */
};

MUST_CHECK bool dataset_open(struct dataset *dataset, struct error *err);

/* Adds a file whose text is not read yet. Returns NULL when out of memory. */
struct dataset_file *dataset_add(struct dataset *dataset, const char *name,
				 const struct relation *relation, bool csv);

/* Fails when memory ran out at any time since dataset_open. */
MUST_CHECK bool dataset_check(const struct dataset *dataset, struct error *err);

void dataset_close(struct dataset *dataset);
