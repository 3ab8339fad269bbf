/*
 * export: the parts of `cybertreaty export`.
 *
 *	export_read   the database  -> files as text
 *	export_write  files as text -> a folder, each file atomically
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

/* Writes the files into a folder, which is created if it does not exist. Without `force` it must be
 * empty. Otherwise the function replaces its files, removes profiles that no longer exist, and
 * leaves other files. Fails with ERROR_BAD_REQUEST when the folder is not suitable. */
MUST_CHECK bool export_write(const struct export *export, const char *folder, bool force,
			     struct error *err);
