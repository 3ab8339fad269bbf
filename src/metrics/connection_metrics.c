#include "metrics/families.h"

#include "server/server.h"

#include <stdio.h>

#include "base/banned.h"

void connection_metrics_add(struct exposition *text, const struct server *server)
{
	static const char *const reasons[ENDINGS] = {
		[ENDING_NEW] = "no_request",
		[ENDING_IDLE] = "idle",
		[ENDING_READING] = "slow_request",
		[ENDING_WRITING] = "slow_response",
		[ENDING_ROOM] = "room",
		[ENDING_DRAIN] = "shutdown",
	};
	struct connection_statistics statistics;
	char labels[32];

	server_connections(server, &statistics);
	exposition_single(text, EXPOSE_GAUGE, "cybertreaty_http_connections",
			  "Open client connections.", statistics.open);
	exposition_single(text, EXPOSE_GAUGE, "cybertreaty_http_connections_max",
			  "Maximum number of open client connections.", statistics.most);
	exposition_single(text, EXPOSE_COUNTER, "cybertreaty_http_connections_accepted",
			  "Accepted client connections.", statistics.accepted);
	exposition_family(text, EXPOSE_COUNTER, "cybertreaty_http_connections_refused",
			  "Refused client connections: all were in use, or the client "
			  "reached its limit.");
	exposition_count(text, "", "reason=\"limit\"", statistics.refused_all);
	exposition_count(text, "", "reason=\"client_limit\"", statistics.refused_client);
	exposition_family(text, EXPOSE_COUNTER, "cybertreaty_http_connections_closed",
			  "Client connections that the service closed: timeout of request or "
			  "response, room needed for others, or shutdown.");
	for (size_t i = 0; i < ENDINGS; i++) {
		snprintf(labels, sizeof labels, "reason=\"%s\"", reasons[i]);
		exposition_count(text, "", labels, statistics.ended[i]);
	}
	exposition_single(text, EXPOSE_GAUGE, "cybertreaty_draining", "1 during graceful shutdown.",
			  statistics.draining);
}
