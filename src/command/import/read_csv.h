/*
 * read_csv: reads a file of rows into staging rows.
 */
#pragma once
#include "command/import/dataset.h"

/* `file` has its text. Mistakes become problems of the dataset. */
void read_csv(struct dataset *dataset, struct dataset_file *file);
