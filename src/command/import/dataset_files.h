/*
 * dataset_files: finds the files of a data set in a folder and reads them.
 */
#pragma once
#include "command/import/dataset.h"

/* Reads all files of the folder `name` into staging rows. Mistakes in them become problems of the
 * data set. Fails when the folder cannot be read or memory runs out. */
MUST_CHECK bool dataset_files_read(struct dataset *dataset, const char *name, struct error *err);
