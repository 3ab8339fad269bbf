/*
 * http1_connection: reads the requests of one connection of HTTP/1 and has each responded to.
 */
#pragma once
#include "server/loop/event_loop_internal.h"

/* Handles `events` (epoll's) of a connection. */
void http1_connection_event(struct event_loop *loop, struct client_connection *connection,
			    uint32_t events);
