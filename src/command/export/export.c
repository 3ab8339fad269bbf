/*
 * export: writes the data set into a folder, in the format that import reads.
 */
#include "command/export/export.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/config.h"
#include "command/command.h"

#include "base/banned.h"

#define CONNECT_MILLISECONDS 10000

#define PROFILES "profiles"

static const char usage[] =
	"Usage: cybertreaty export DIR\n"
	"Writes the data set into DIR, in the format that `cybertreaty import` reads.\n"
	"DIR is created if it does not exist. No file in it is replaced.\n";

static bool failed(struct error *err, const char *doing, const char *name)
{
	return error_set(err, ERROR_BAD_REQUEST, "Cannot %s %s: %s.", doing, name,
			 strerrordesc_np(errno));
}

/* Fails when the file exists. */
static bool write_file(const struct export_file *file, struct error *err)
{
	FILE *stream = fopen(file->name, "wxe");
	bool written;

	if (!stream)
		return failed(err, "create", file->name);
	written = fwrite(file->text, 1, file->length, stream) == file->length &&
		  fflush(stream) == 0 && fsync(fileno(stream)) == 0;
	if (fclose(stream) != 0 || !written)
		return failed(err, "write", file->name);
	return true;
}

/* A folder with profiles is refused, since the next import would also read those that the data set
 * does not contain. */
static bool write_files(const struct export *export, const char *folder, struct error *err)
{
	if (mkdir(folder, 0777) != 0 && errno != EEXIST)
		return failed(err, "create", folder);
	if (chdir(folder) != 0)
		return failed(err, "open", folder);
	if (mkdir(PROFILES, 0777) != 0)
		return failed(err, "create", PROFILES);
	for (size_t i = 0; i < export->count; i++)
		if (!write_file(&export->files[i], err))
			return false;
	return true;
}

static bool export_folder(struct export *export, const char *folder, struct error *err)
{
	CLEANUP(session_close) struct session *session = NULL;
	struct config config;

	return config_read(&config, err) &&
	       session_open(config.database_url, "cybertreaty export", CONNECT_MILLISECONDS,
			    &session, err) &&
	       export_read(session, export, err) && write_files(export, folder, err);
}

int command_export(int argc, char **argv)
{
	CLEANUP(export_free) struct export export = {0};
	struct error err;
	size_t profiles = 0;

	if (argc != 2 || argv[1][0] == '-') {
		fputs(usage, stderr);
		return 2;
	}
	if (!export_folder(&export, argv[1], &err)) {
		fprintf(stderr, "%s\n", err.message);
		return 1;
	}
	for (size_t i = 0; i < export.count; i++) {
		if (strchr(export.files[i].name, '/'))
			profiles++;
		else
			printf("%-16s %6zu records\n", export.files[i].name,
			       export.files[i].records);
	}
	printf("%-16s %6zu files\nrevision %ld\n", "profiles/", profiles, export.revision);
	return 0;
}
