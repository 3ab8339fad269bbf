/*
 * import: loads a folder of reference data into the database, all of it or nothing.
 */
#include "base/cleanup.h"
#include "base/config.h"
#include "command/command.h"
#include "command/import/dataset_files.h"
#include "command/import/load.h"

#include <stdio.h>
#include <string.h>

#include "base/banned.h"

enum { CONNECT_MILLISECONDS = 10000 };

static const char usage[] =
	"Usage: cybertreaty import DIR [--reinstate]\n"
	"Makes the database contain exactly the facts of the files in DIR. data/README.md\n"
	"describes their format. French texts (..._fr) and text, text_lang, text_kind of\n"
	"statements are optional. Records that are no longer in the files are retracted. A\n"
	"retracted identifier is refused, except with --reinstate, which brings the same record\n"
	"back.\n";

struct arguments {
	const char *folder;
	bool reinstate;
};

static bool read_arguments(struct arguments *arguments, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--reinstate") == 0)
			arguments->reinstate = true;
		else if (argv[i][0] == '-' || arguments->folder)
			return false;
		else
			arguments->folder = argv[i];
	}
	return arguments->folder;
}

static void print_counts(const struct load_counts *counts)
{
	printf("%-20s", counts->relation);
	for (size_t i = 0; i < LOAD_NUMBERS; i++)
		printf(" %9ld", counts->numbers[i]);
	puts("");
}

static void print_result(const struct load_result *result)
{
	struct load_counts sum = {.relation = "all"};

	printf("%-20s %9s %9s %9s %9s\n", "table", "added", "changed", "unchanged", "retracted");
	for (size_t i = 0; i < result->count; i++) {
		print_counts(&result->relations[i]);
		for (size_t k = 0; k < LOAD_NUMBERS; k++)
			sum.numbers[k] += result->relations[i].numbers[k];
	}
	print_counts(&sum);
	if (result->before == result->after)
		printf("revision %ld, unchanged\n", result->after);
	else
		printf("revision %ld -> %ld\n", result->before, result->after);
}

static bool import_folder(struct dataset *dataset, const struct arguments *arguments,
			  struct load_result *result, struct error *err)
{
	CLEANUP(session_close) struct session *session = NULL;
	struct config config;

	if (!dataset_open(dataset, err) || !config_read(&config, err) ||
	    !session_open(config.database_url, false, "cybertreaty import", CONNECT_MILLISECONDS,
			  &session, err))
		return false;
	return dataset_files_read(dataset, arguments->folder, err) &&
	       load_dataset(dataset, session, arguments->reinstate, result, err);
}

int command_import(int argc, char **argv)
{
	CLEANUP(dataset_close) struct dataset dataset = {0};
	struct arguments arguments = {0};
	struct load_result result = {.count = 0};
	struct error err;
	size_t problems;
	bool done;

	if (!read_arguments(&arguments, argc, argv)) {
		fputs(usage, stderr);
		return 2;
	}
	done = import_folder(&dataset, &arguments, &result, &err);
	problem_list_print(&dataset.problems);
	if (!done)
		fprintf(stderr, "%s\n", err.message);
	problems = problem_list_total(&dataset.problems);
	if (problems > 0)
		fprintf(stderr, "Nothing was imported: %zu problem%s in %s.\n", problems,
			problems == 1 ? "" : "s", arguments.folder);
	if (!done || problems > 0)
		return 1;
	print_result(&result);
	return 0;
}
