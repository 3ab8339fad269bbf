/*
 * staging_rows: the records of a dataset as rows of staging tables, in the format of COPY.
 */
#pragma once
#include <stdint.h>

#include "base/buffer.h"
#include "command/import/dataset_schema.h"

#define NO_ROW SIZE_MAX

struct dataset_file;

/* Where a staging row comes from. */
struct row_origin {
	const struct dataset_file *file;
	size_t offset; /* CSV: of the row's first byte */
	unsigned line;
	size_t parent;			   /* JSON: the row of the enclosing record, or NO_ROW */
	const struct dataset_field *field; /* JSON: the list in that record, */
	size_t nth;			   /* and the position in the list, from 1 */
};

/* All-zero is empty. */
struct staging_rows {
	struct staging_table {
		struct buffer text;
		size_t count;
		bool incomplete; /* records are missing, so references to them cannot be checked */
	} tables[RELATIONS];
	const struct row_origin *origins; /* the number of a row is its index here */
	size_t count;
	struct buffer stored; /* the memory of origins */
	bool failed;	      /* out of memory */
};

/* Begins a row and returns its number; NO_ROW when out of memory. The values of its columns
 * follow. */
size_t staging_rows_begin(struct staging_rows *rows, enum relation_id relation,
			  const struct row_origin *origin);
void staging_rows_value(struct staging_rows *rows, enum relation_id relation, const char *value);
void staging_rows_end(struct staging_rows *rows, enum relation_id relation);

/* Adds an item to a PostgreSQL array, which is an empty buffer at first. */
void staging_rows_item(struct buffer *array, const char *item);

/* Completes the array, adds it as a value and frees it. */
void staging_rows_array(struct staging_rows *rows, enum relation_id relation, struct buffer *array);

void staging_rows_free(struct staging_rows *rows);
