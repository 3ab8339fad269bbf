/*
 * http1_connection: reads the requests on an HTTP/1 connection and responds to each.
 */
#pragma once
#include "server/loop/event_loop_internal.h"

struct request_task;

/* Takes a performed task back, and frees it. */
void http1_connection_complete(struct event_loop *loop, struct request_task *task);

/* Handles `events` (epoll's) of a connection. */
void http1_connection_event(struct event_loop *loop, struct client_connection *connection,
			    uint32_t events);
