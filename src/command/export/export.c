/*
 * export: writes the data set into a folder, in the format that import reads.
 */
#include "command/export/export.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/config.h"
#include "command/command.h"

#include "base/banned.h"

#define CONNECT_MILLISECONDS 10000

static const char usage[] =
	"Usage: cybertreaty export DIR [--force]\n"
	"Writes the data set into DIR, in the format that `cybertreaty import` reads.\n"
	"DIR is created if it does not exist; --force allows one that is not empty.\n";

static bool read_arguments(const char **folder, bool *force, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--force") == 0)
			*force = true;
		else if (argv[i][0] == '-' || *folder)
			return false;
		else
			*folder = argv[i];
	}
	return *folder;
}

static bool export_folder(struct export *export, const char *folder, bool force, struct error *err)
{
	CLEANUP(session_close) struct session *session = NULL;
	struct config config;

	return config_read(&config, err) &&
	       session_open(config.database_url, "cybertreaty export", CONNECT_MILLISECONDS,
			    &session, err) &&
	       export_read(session, export, err) && export_write(export, folder, force, err);
}

int command_export(int argc, char **argv)
{
	CLEANUP(export_free) struct export export = {0};
	const char *folder = NULL;
	struct error err;
	bool force = false;
	size_t profiles = 0;

	if (!read_arguments(&folder, &force, argc, argv)) {
		fputs(usage, stderr);
		return 2;
	}
	if (!export_folder(&export, folder, force, &err)) {
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
