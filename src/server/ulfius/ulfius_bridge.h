/*
 * ulfius_bridge: passes requests with a body to libmicrohttpd and Ulfius.
 *
 * An event loop submits a request that the strict reader (server/loop/request_head.h) has accepted
 * and whose body has arrived in full. libmicrohttpd gets a duplicate of the socket, reads head and
 * body in a thread, and Ulfius calls the one callback, which runs dispatch. The response ends the
 * connection, so libmicrohttpd never reads a second head.
 */
#pragma once
#include "http/message/service.h"
#include "server/connection/connection_table.h"
#include "server/work/completion_queue.h"

struct MHD_Connection;
struct ulfius_bridge;

/* One request. The first member is a completion that is pushed when libmicrohttpd has closed its
 * socket: the response is sent, or the connection is broken. */
struct ulfius_upload {
	struct completion completion;
	struct completion_queue *completions;
	struct client_connection *connection;
	int descriptor;		     /* libmicrohttpd's duplicate, which it closes */
	struct deadline start_limit; /* libmicrohttpd has begun by then, or has lost the request */
	bool started;
	struct MHD_Connection *handle;
	void *state;		 /* Ulfius' state of the request, NULL before and after */
	struct timespec arrived; /* CLOCK_MONOTONIC */
	struct ulfius_upload *next;
};

/* Starts libmicrohttpd without a listener. Fails with ERROR_INTERNAL. */
MUST_CHECK bool ulfius_bridge_open(const struct service *service, struct ulfius_bridge **bridge,
				   struct error *err);

/* Waits until all requests are completed. */
void ulfius_bridge_close(struct ulfius_bridge **bridge);

/* Duplicates the connection's socket. NULL when out of memory or descriptors. The caller sets
 * completion.complete and completions. */
struct ulfius_upload *ulfius_bridge_make(struct client_connection *connection);
void ulfius_bridge_free(struct ulfius_upload *upload);

/* Passes the request to libmicrohttpd, which takes ownership until it is pushed as a completion. */
void ulfius_bridge_submit(struct ulfius_bridge *bridge, struct ulfius_upload *upload);

/* Completes requests that libmicrohttpd has lost: it closes a connection without a callback when it
 * can start no thread for it. To be called about once a second. */
void ulfius_bridge_expire(struct ulfius_bridge *bridge);
