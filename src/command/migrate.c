/*
 * migrate: brings the schema of the database up to date.
 */
#include "base/cleanup.h"
#include "base/config.h"
#include "command/command.h"
#include "command/known_migrations.h"
#include "db/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { CONNECT_MILLISECONDS = 10000, LOCK_MILLISECONDS = 60000 };

static int usage(FILE *out, int status)
{
	fputs("Usage: cybertreaty migrate [--allow-newer]\n\n"
	      "Applies the migrations that the database does not have yet. Needs a direct "
	      "connection\n"
	      "as the owner of the schema.\n"
	      "--allow-newer accepts a database that has all of ours and newer ones.\n",
	      out);
	return status;
}

static void free_list(struct migration **list)
{
	free(*list);
}

static void print_applied(void *context, const char *name)
{
	size_t *count = context;

	++*count;
	printf("Applied %s.\n", name);
	fflush(stdout);
}

static bool migrate(bool allow_newer, struct error *err)
{
	CLEANUP(free_list) struct migration *list = known_migrations();
	CLEANUP(session_close) struct session *session = NULL;
	struct config config;
	size_t count = 0, newer;
	const struct migration_options options = {.allow_newer = allow_newer,
						  .lock_milliseconds = LOCK_MILLISECONDS,
						  .applied = print_applied,
						  .context = &count};

	if (!list)
		return error_out_of_memory(err);
	if (!config_read(&config, err) ||
	    !session_open(config.database_url, "cybertreaty migrate", CONNECT_MILLISECONDS,
			  &session, err) ||
	    !migration_apply(session, list, &options, &newer, err))
		return false;
	printf("The schema is up to date; %zu migrations were applied.\n", count);
	if (newer)
		printf("The database has %zu newer migrations.\n", newer);
	return true;
}

int command_migrate(int argc, char **argv)
{
	bool allow_newer = argc == 2 && strcmp(argv[1], "--allow-newer") == 0;
	struct error err;

	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return usage(stdout, 0);
	if (argc > 1 && !allow_newer)
		return usage(stderr, 2);
	if (!migrate(allow_newer, &err)) {
		fprintf(stderr, "cybertreaty: %s\n", err.message);
		return 1;
	}
	return 0;
}
