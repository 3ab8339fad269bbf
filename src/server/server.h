/*
 * server: listens on a port and serves a route table over HTTP/1.
 */
#pragma once
#include "base/config.h"
#include "http/message/service.h"
#include "http/routing/route.h"
#include "server/connection/connection_table.h"

struct server;

struct server_options {
	const struct config *config;
	const struct route *routes; /* ends with an all-zero one */
	const char *const *probes;  /* as in struct service */
	const char *immediate;	    /* the same */
	void *application;
	recall *recall;	      /* NULL: every request is dispatched */
	const char *settings; /* the common beginning of the settings for address and port */
	bool quiet;	      /* a server for the operator: one loop, no bodies, and successful
				 requests are logged at the level "debug" */
};

/* Starts to serve. What the options point to outlives the server. Fails with ERROR_UNAVAILABLE and
 * a sentence that names the setting to change when it cannot listen. */
MUST_CHECK bool server_start(const struct server_options *options, struct server **server,
			     struct error *err);

/* The counts of its requests; they live as long as the server. */
const struct request_metrics *server_metrics(const struct server *server);

void server_connections(const struct server *server, struct connection_statistics *statistics);

/* The port that it listens on. */
int server_port(const struct server *server);

/* Requests a target without a connection, a count or a log line. With `body`, *body is the
 * uncompressed body of a 200, malloced and ending with a zero byte; NULL for anything else. */
void server_fetch(struct server *server, const char *target, char **body);

/* From now on request->draining is true, and each response ends its connection. */
void server_announce_end(struct server *server);

/* Announces the end, accepts no further connections, and waits for running requests and open
 * connections; at most `seconds`. False when some were left then. */
bool server_drain(struct server *server, int seconds);

void server_stop(struct server **server);
