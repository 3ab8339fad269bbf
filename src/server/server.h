/*
 * server: Ulfius and libmicrohttpd behind one callback.
 */
#pragma once
#include "base/config.h"
#include "server/connection/connection_table.h"
#include "http/message/recallable.h"
#include "http/routing/route.h"

struct server;

struct server_options {
	const struct config *config;
	const struct route *routes; /* ends with an all-zero one */
	const char *const *probes;  /* as in struct service */
	void *application;
	recall *recall;	      /* NULL: every request goes the long way */
	const char *settings; /* what the settings for address and port begin with */
	bool quiet;	      /* good answers are logged at the level "debug" */
};

/* Starts to listen. What the options point to outlives the server. Fails with ERROR_UNAVAILABLE and
 * one clear sentence when the port is taken. */
MUST_CHECK bool server_start(const struct server_options *options, struct server **server,
			     struct error *err);

/* What it has answered; lives as long as the server. */
const struct request_metrics *server_tally(const struct server *server);

/* Its connections. */
void server_connections(const struct server *server, struct connection_statistics *statistics);

/* The port that it listens on. */
int server_port(const struct server *server);

/* Asks for a target as a client would, but without counting or logging it. With `body`, *body is
 * the plain body of a 200, malloced and ending with a zero byte; NULL for anything else. */
void server_visit(struct server *server, const char *target, char **body);

/* From now on request->draining is true and each answer is the last one on its connection. Nothing
 * is refused. */
void server_announce_end(struct server *server);

/* Announces the end, stops accepting (whoever is connected by then is still heard), lets running
 * requests finish and keep-alive connections close; at most `seconds`. */
void server_drain(struct server *server, int seconds);

void server_stop(struct server **server);
