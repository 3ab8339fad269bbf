/*
 * http1_upload: requests with a body: the loop receives all of one, passes it to Ulfius
 * (server/ulfius/ulfius_bridge.h), and relays the response.
 */
#pragma once
#include "server/loop/event_loop_internal.h"

/* Added to the address of a connection in epoll's data, for events of its relay. */
#define HTTP1_UPLOAD_RELAY 1

/* Lets the client send the body that the route of loop->request takes. `present` bytes of it are
 * here; what follows them is not read. */
void http1_upload_begin(struct event_loop *loop, struct client_connection *connection,
			const char *body, size_t present);

/* Takes the body off the socket, as far as it has arrived. */
void http1_upload_receive(struct event_loop *loop, struct client_connection *connection);

/* Takes the response off the relay, and sends it once it is complete. */
void http1_upload_relay(struct event_loop *loop, struct client_connection *connection);
