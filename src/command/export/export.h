/*
 * export: the parts of `cybertreaty export`.
 *
 *	export_read   the database  -> files as text
 *	export_write  files as text -> a folder, each file whole or not at all
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
	long revision; /* of the data set that the files hold */
};

/* Reads the data set as of one moment. The files belong to the caller (export_free), also when
 * this fails. */
MUST_CHECK bool export_read(struct session *session, struct export *export, struct error *err);
void export_free(struct export *export);

/* Writes the files into folder, which is made when it does not exist. Unless `force`, it must be
 * empty; else its files are replaced, profiles that are no more are removed, and other files stay.
 * Fails with ERROR_BAD_REQUEST when folder is not as it must be. */
MUST_CHECK bool export_write(const struct export *export, const char *folder, bool force,
			     struct error *err);
