/*
 * server: Ulfius and libmicrohttpd behind one callback.
 */
#pragma once
#include "base/config.h"
#include "http/route.h"

struct server;

/* Starts to listen. `routes` (which ends with an all-zero one), `probes` and `application` outlive
 * the server. `probes` are paths that ask how the service is: whoever watches it is not told to
 * ask less; ends with a null pointer. Fails with ERROR_UNAVAILABLE and one clear sentence when the
 * port is taken. */
MUST_CHECK bool server_start(const struct config *config, const struct route *routes,
			     const char *const *probes, void *application, struct server **server,
			     struct error *err);

/* The port that it listens on. */
int server_port(const struct server *server);

/* From now on request->draining is true and each answer is the last one on its connection. Nothing
 * is refused. */
void server_announce_end(struct server *server);

/* Announces the end, stops accepting (whoever is connected by then is still heard), lets running
 * requests finish and keep-alive connections close; at most `seconds`. */
void server_drain(struct server *server, int seconds);

void server_stop(struct server **server);
