/*
 * list_routes: prints method, template, operation and parameters of every route.
 */
#include "api/routes.h"
#include "command/command.h"

#include <stdio.h>

#include "base/banned.h"

static void print_route(const struct route *route)
{
	printf("%s %s %s", route->method, route->template, route->operation);
	for (const struct parameter *const *parameter = route->parameters; *parameter; parameter++)
		printf(" %s:%s", (*parameter)->place == PARAMETER_PATH ? "path" : "query",
		       (*parameter)->name);
	putchar('\n');
}

int command_routes(int argc, char **argv)
{
	(void)argv;
	if (argc > 1) {
		fputs("Usage: cybertreaty routes\n", stderr);
		return 2;
	}
	for (const struct route *route = routes; route->method; route++)
		print_route(route);
	return 0;
}
