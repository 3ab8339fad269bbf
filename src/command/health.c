/*
 * health: checks whether the service on this machine is ready. For health checks of containers,
 * which have no other HTTP client.
 */
#include "base/cleanup.h"
#include "base/config.h"
#include "command/command.h"
#include "command/local.h"

#include <stdio.h>

#include "base/banned.h"

int command_health(int argc, char **argv)
{
	CLEANUP(local_free) struct local_response response = {0};
	struct config config;
	struct error err;

	(void)argv;
	if (argc > 1) {
		fputs("Usage: cybertreaty health\n", stderr);
		return 2;
	}
	if (!config_read(&config, &err)) {
		fprintf(stderr, "cybertreaty: %s\n", err.message);
		return 1;
	}
	if (local_get(&config, "/readyz", &response) != LOCAL_RESPONSE) {
		fprintf(stderr, "cybertreaty: nothing responds on %s port %ld.\n", config.address,
			config.port);
		return 1;
	}
	if (response.status != 200) {
		fprintf(stderr, "cybertreaty: not ready: %s\n", response.body);
		return 1;
	}
	puts("ready");
	return 0;
}
