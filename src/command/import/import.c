/*
 * import: loads a folder of reference data into the database, all of it or nothing.
 */
#include "command/import/import.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/config.h"
#include "command/command.h"

#include "base/banned.h"

#define CONNECT_MILLISECONDS 10000

static const char usage[] =
	"Usage: cybertreaty import DIR [--reinstate]\n"
	"Makes the database hold what the files in DIR say; the format is in data/README.md.\n"
	"French texts (..._fr) and text, text_lang, text_kind of statements may be left out.\n"
	"Records that the files no longer have are retracted. An identifier that was retracted\n"
	"is refused unless --reinstate says that the same record returns.\n";

void import_progress(const struct import *import, const char *doing)
{
	if (import->progress)
		fprintf(stderr, "\r\033[K%s", doing);
}

static bool read_arguments(struct import *import, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--reinstate") == 0)
			import->reinstate = true;
		else if (argv[i][0] == '-' || import->folder)
			return false;
		else
			import->folder = argv[i];
	}
	return import->folder;
}

static void print_outcome(const struct outcome *outcome)
{
	struct tally sum = {.relation = "all"};

	printf("%-20s %9s %9s %9s %9s\n", "table", "added", "changed", "unchanged", "retracted");
	for (size_t i = 0; i < outcome->count; i++) {
		const struct tally *tally = &outcome->tallies[i];

		printf("%-20s %9ld %9ld %9ld %9ld\n", tally->relation, tally->added, tally->changed,
		       tally->unchanged, tally->retracted);
		sum.added += tally->added;
		sum.changed += tally->changed;
		sum.unchanged += tally->unchanged;
		sum.retracted += tally->retracted;
	}
	printf("%-20s %9ld %9ld %9ld %9ld\n", sum.relation, sum.added, sum.changed, sum.unchanged,
	       sum.retracted);
	if (outcome->before == outcome->after)
		printf("revision %ld, unchanged\n", outcome->after);
	else
		printf("revision %ld -> %ld\n", outcome->before, outcome->after);
}

static bool import_folder(struct import *import, struct outcome *outcome, struct error *err)
{
	CLEANUP(session_close) struct session *session = NULL;
	struct config config;

	if (!config_read(&config, err) || !session_open(config.database_url, "cybertreaty import",
							CONNECT_MILLISECONDS, &session, err))
		return false;
	import_progress(import, "Reading files");
	if (!import_files(import, err))
		return false;
	return import_load(import, session, outcome, err);
}

int command_import(int argc, char **argv)
{
	CLEANUP(import_free) struct import import = {.progress = isatty(STDERR_FILENO)};
	struct outcome outcome = {.count = 0};
	struct error err;
	size_t problems;
	bool done;

	if (!read_arguments(&import, argc, argv)) {
		fputs(usage, stderr);
		return 2;
	}
	import.memory = arena_open(SIZE_MAX);
	if (!import.memory) {
		fputs("Out of memory.\n", stderr);
		return 1;
	}
	done = import_folder(&import, &outcome, &err);
	if (import.progress)
		fputs("\r\033[K", stderr);
	problems_print(&import);
	if (!done)
		fprintf(stderr, "%s\n", err.message);
	problems = import.problems.count + import.problems.dropped;
	if (problems > 0)
		fprintf(stderr, "Nothing was imported: %zu problem%s in %s.\n", problems,
			problems == 1 ? "" : "s", import.folder);
	if (!done || problems > 0)
		return 1;
	print_outcome(&outcome);
	return 0;
}
