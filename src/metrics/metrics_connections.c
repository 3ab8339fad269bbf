#include "metrics/metrics_internal.h"

#include "server/server.h"

#include <stdio.h>

#include "base/banned.h"

void metrics_connections(struct exposition *text, const struct server *server)
{
	static const char *const reasons[ENDINGS] = {
		[ENDING_NEW] = "new",	      [ENDING_IDLE] = "idle", [ENDING_READING] = "reading",
		[ENDING_WRITING] = "writing", [ENDING_ROOM] = "room", [ENDING_DRAIN] = "drain",
	};
	struct connection_statistics statistics;
	char labels[32];

	server_connections(server, &statistics);
	exposition_single(text, EXPOSE_GAUGE, "cybertreaty_http_connections",
			  "Connections of clients that are open.", statistics.open);
	exposition_single(text, EXPOSE_GAUGE, "cybertreaty_http_connections_max",
			  "Connections of clients that may be open.", statistics.most);
	exposition_single(text, EXPOSE_COUNTER, "cybertreaty_http_connections_accepted",
			  "Connections of clients that were accepted.", statistics.accepted);
	exposition_family(text, EXPOSE_COUNTER, "cybertreaty_http_connections_refused",
			  "Connections that were refused, since all were in use or the client had "
			  "its part of them.");
	exposition_count(text, "", "reason=\"all\"", statistics.refused_all);
	exposition_count(text, "", "reason=\"client\"", statistics.refused_client);
	exposition_family(
		text, EXPOSE_COUNTER, "cybertreaty_http_connections_ended",
		"Connections that the service ended: no request or its rest came in time, "
		"its answer was not taken, room was needed, or the service stops.");
	for (size_t i = 0; i < ENDINGS; i++) {
		snprintf(labels, sizeof labels, "reason=\"%s\"", reasons[i]);
		exposition_count(text, "", labels, statistics.ended[i]);
	}
	exposition_single(text, EXPOSE_GAUGE, "cybertreaty_draining",
			  "1 while the service stops and takes nothing new.", statistics.draining);
}
