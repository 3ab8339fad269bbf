/*
 * read_json: reads files of nested records into staging rows.
 */
#pragma once
#include "command/import/dataset.h"

/* The profile of a country: one record. `file` has its text. Mistakes become problems of the data
 * set. */
void read_json_profile(struct dataset *dataset, struct dataset_file *file);

/* The tools: a list of records. */
void read_json_tools(struct dataset *dataset, struct dataset_file *file);
