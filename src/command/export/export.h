/*
 * export: the files of a data set, from the database.
 */
#pragma once
#include "db/session.h"

struct export_file {
	char name[32]; /* relative to the folder */
	char *text;
	size_t length, records;
};

struct export
{
	struct export_file *files;
	size_t count;
	long revision; /* of the data set in the files */
};

/* Reads a consistent snapshot of the data set. The files belong to the caller (export_free), even
 * when the function fails. */
MUST_CHECK bool export_read(struct session *session, struct export *export, struct error *err);
void export_free(struct export *export);
