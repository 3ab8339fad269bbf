/*
 * migrate: brings the schema of the database up to date, and the rights of the service's role.
 */
#include "base/cleanup.h"
#include "base/config.h"
#include "base/number.h"
#include "command/command.h"
#include "command/migrate/role_grants.h"
#include "command/migrate/embedded_migrations.h"
#include "db/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { CONNECT_MILLISECONDS = 10000, WAIT_SECONDS = 60, LONGEST_WAIT = 86400 };

struct order {
	char *folder; /* to import afterwards, or NULL */
	long wait;    /* seconds */
	bool allow_newer;
};

static int usage(FILE *out, int status)
{
	fputs("Usage: cybertreaty migrate [--allow-newer] [--wait SECONDS] [--import DIR]\n\n"
	      "Applies the migrations that the database does not have yet, and gives the role "
	      "that\n"
	      "CYBERTREATY_SERVICE_ROLE names the rights to read. Needs a direct connection as "
	      "the\n"
	      "owner of the schema. The service may run meanwhile.\n"
	      "--allow-newer accepts a database that has all of ours and newer ones.\n"
	      "--wait is how long to try for locks that others hold (default: 60).\n"
	      "--import then loads DIR, as `cybertreaty import` does.\n",
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

static bool grant(struct session *session, const char *role, struct error *err)
{
	size_t count;

	if (!role_grants_apply(session, role, &count, err))
		return false;
	printf("The role %s has the rights of the service; %zu were changed.\n", role, count);
	return true;
}

static bool migrate(const struct order *order, struct error *err)
{
	CLEANUP(free_list) struct migration *list = embedded_migrations();
	CLEANUP(session_close) struct session *session = NULL;
	struct config config;
	size_t count = 0, newer;
	const struct migration_options options = {.allow_newer = order->allow_newer,
						  .lock_milliseconds = order->wait * 1000,
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
	return !*config.service_role || grant(session, config.service_role, err);
}

static bool read_order(struct order *order, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--allow-newer") == 0) {
			order->allow_newer = true;
		} else if (i + 1 < argc && strcmp(argv[i], "--import") == 0) {
			order->folder = argv[++i];
		} else if (i + 1 < argc && strcmp(argv[i], "--wait") == 0) {
			if (!number_read(argv[++i], 0, LONGEST_WAIT, &order->wait))
				return false;
		} else {
			return false;
		}
	}
	return true;
}

int command_migrate(int argc, char **argv)
{
	struct order order = {.wait = WAIT_SECONDS};
	struct error err;

	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return usage(stdout, 0);
	if (!read_order(&order, argc, argv))
		return usage(stderr, 2);
	if (!migrate(&order, &err)) {
		fprintf(stderr, "cybertreaty: %s\n", err.message);
		return 1;
	}
	if (!order.folder)
		return 0;
	return command_import(2, (char *[]){(char[]){"import"}, order.folder, NULL});
}
