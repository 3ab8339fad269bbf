/*
 * main: runs the subcommand named by the first argument.
 */
#include <stdio.h>
#include <string.h>

#include "command/command.h"

#include "base/banned.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *does;
} commands[] = {
	{"serve", command_serve, "run the service"},
	{"migrate", command_migrate, "bring the database's schema up to date"},
	{"import", command_import, "load a folder of facts"},
	{"export", command_export, "write all facts to a folder"},
	{"routes", command_routes, "print every route with its parameters"},
	{"doctor", command_doctor, "check settings, database, facts and service"},
	{"health", command_health, "check whether the running service is ready"},
};

static void usage(FILE *out)
{
	fputs("Usage: cybertreaty COMMAND [ARGUMENT...]\n\n", out);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		fprintf(out, "  %-10s%s\n", commands[i].name, commands[i].does);
	fputs("\nSettings are environment variables; `cybertreaty serve --help` lists them.\n",
	      out);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	if (strcmp(name, "--version") == 0) {
		puts("cybertreaty " CYBERTREATY_VERSION);
		return 0;
	}
	if (strcmp(name, "--help") == 0) {
		usage(stdout);
		return 0;
	}
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strcmp(commands[i].name, name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	if (*name)
		fprintf(stderr, "cybertreaty: unknown command '%s'\n\n", name);
	usage(stderr);
	return 2;
}
