/*
 * migrate: updates the schema of the database and the privileges of the service role.
 */
#include "base/cleanup.h"
#include "base/buffer.h"
#include "base/config.h"
#include "base/number.h"
#include "command/command.h"
#include "db/migration.h"
#include "db/session.h"
#include "grant_statements.h"
#include "migrations.h"

#include <stdio.h>
#include <string.h>

#include "base/banned.h"

enum { CONNECT_MILLISECONDS = 10000, WAIT_SECONDS = 60, LONGEST_WAIT = 86400 };

struct migrate_arguments {
	char *folder; /* to import afterwards, or NULL */
	long wait;    /* seconds */
	bool allow_newer;
};

static int usage(FILE *out, int status)
{
	fputs("Usage: cybertreaty migrate [--allow-newer] [--wait SECONDS] [--import DIR]\n\n"
	      "Applies the migrations that the database lacks, and grants the role of\n"
	      "CYBERTREATY_SERVICE_ROLE the privileges of the service. Needs a direct connection\n"
	      "as the owner of the schema. The service may run meanwhile.\n"
	      "--allow-newer accepts a database that has newer migrations too.\n"
	      "--wait limits the time to wait for locks of other sessions (default: 60).\n"
	      "--import then loads DIR, as `cybertreaty import` does.\n",
	      out);
	return status;
}

static void print_applied(void *context, const char *name)
{
	size_t *count = context;

	++*count;
	printf("Applied %s.\n", name);
	fflush(stdout);
}

static bool check_role(struct session *session, const char *role, struct error *err)
{
	CLEANUP(rows_free) struct rows obstacle = {0};

	if (!session_query(session, grant_statements_obstacle.text, &role, 1, &obstacle, err))
		return false;
	if (obstacle.count)
		return error_set(err, ERROR_BAD_REQUEST,
				 "CYBERTREATY_SERVICE_ROLE cannot be '%.63s': %s.", role,
				 rows_text(&obstacle, 0, 0));
	return true;
}

/* Grants `role` the privileges to read everything in the schema, and revokes all others on its
 * tables, in one transaction. The session belongs to the owner of the tables. Fails when there is
 * no such role, or when no grant can limit it. */
static bool grant(struct session *session, const char *role, struct error *err)
{
	CLEANUP(rows_free) struct rows statements = {0};
	CLEANUP(buffer_free) struct buffer script = {0};

	if (!check_role(session, role, err) ||
	    !session_query(session, grant_statements_statements.text, &role, 1, &statements, err))
		return false;
	for (size_t i = 0; i < statements.count; i++)
		buffer_format(&script, "%s;", rows_text(&statements, i, 0));
	if (script.failed)
		return error_out_of_memory(err);
	if (statements.count && !session_run(session, script.bytes, err))
		return false;
	printf("The role %s has the privileges of the service; %zu were changed.\n", role,
	       statements.count);
	return true;
}

static bool migrate(const struct migrate_arguments *arguments, struct error *err)
{
	CLEANUP(session_close) struct session *session = NULL;
	struct config config;
	size_t count = 0, newer;
	const struct migration_options options = {.allow_newer = arguments->allow_newer,
						  .lock_milliseconds = arguments->wait * 1000,
						  .applied = print_applied,
						  .context = &count};

	if (!config_read(&config, err) ||
	    !session_open(config.database_url, false, "cybertreaty migrate", CONNECT_MILLISECONDS,
			  &session, err) ||
	    !migration_apply(session, migrations, &options, &newer, err))
		return false;
	printf("The schema is up to date; %zu migrations were applied.\n", count);
	if (newer)
		printf("The database has %zu newer migrations.\n", newer);
	return !*config.service_role || grant(session, config.service_role, err);
}

static bool read_arguments(struct migrate_arguments *arguments, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--allow-newer") == 0) {
			arguments->allow_newer = true;
		} else if (i + 1 < argc && strcmp(argv[i], "--import") == 0) {
			arguments->folder = argv[++i];
		} else if (i + 1 < argc && strcmp(argv[i], "--wait") == 0) {
			if (!number_read(argv[++i], 0, LONGEST_WAIT, &arguments->wait))
				return false;
		} else {
			return false;
		}
	}
	return true;
}

int command_migrate(int argc, char **argv)
{
	struct migrate_arguments arguments = {.wait = WAIT_SECONDS};
	struct error err;

	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return usage(stdout, 0);
	if (!read_arguments(&arguments, argc, argv))
		return usage(stderr, 2);
	if (!migrate(&arguments, &err)) {
		fprintf(stderr, "cybertreaty: %s\n", err.message);
		return 1;
	}
	if (!arguments.folder)
		return 0;
	return command_import(2, (char *[]){(char[]){"import"}, arguments.folder, NULL});
}
