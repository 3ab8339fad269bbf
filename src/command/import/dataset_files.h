/*
 * dataset_files: finds the files of a dataset in a folder and reads them.
 */
#pragma once
#include "command/import/dataset.h"

/* Reads all files of the folder `name` into staging rows. Mistakes in them become problems of the
 * dataset. Fails when the folder cannot be read or memory runs out. */
MUST_CHECK bool dataset_files_read(struct dataset *dataset, const char *name, struct error *err);
