/*
 * health: asks a running service on this machine whether it is ready. For health checks of
 * containers, which have no other client.
 */
#include "base/cleanup.h"
#include "base/config.h"
#include "command/command.h"
#include "command/local.h"

#include <stdio.h>

#include "base/banned.h"

int command_health(int argc, char **argv)
{
	CLEANUP(local_free) struct local_answer answer = {0};
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
	if (local_get(&config, "/readyz", &answer) != LOCAL_ANSWERED) {
		fprintf(stderr, "cybertreaty: nothing answers on %s port %ld.\n", config.address,
			config.port);
		return 1;
	}
	if (answer.status != 200) {
		fprintf(stderr, "cybertreaty: not ready: %s\n", answer.body);
		return 1;
	}
	puts("ready");
	return 0;
}
