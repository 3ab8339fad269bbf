/*
 * http1_connection: reads the requests on an HTTP/1 connection and responds to each.
 */
#pragma once
#include "server/loop/event_loop_internal.h"

/* Handles `events` (epoll's) of a connection. */
void http1_connection_event(struct event_loop *loop, struct client_connection *connection,
			    uint32_t events);
