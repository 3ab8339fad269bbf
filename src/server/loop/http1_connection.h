/*
 * http1_connection: an HTTP/1 connection in its event loop.
 */
#pragma once
#include "server/loop/event_loop_internal.h"

/* Handles `events` (epoll's) of a connection. */
void http1_connection_event(struct event_loop *loop, struct client_connection *connection,
			    uint32_t events);

/* Closes and frees it. */
void http1_connection_close(struct event_loop *loop, struct client_connection *connection);
