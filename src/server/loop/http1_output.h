/*
 * http1_output: the end of a request in an event loop: refusals, unsent rests of responses, and the
 * end of connections.
 */
#pragma once
#include "server/loop/event_loop_internal.h"

/* What epoll reports of a connection that can be written to. No enumerator: it is unsigned. */
#define HTTP1_WATCHED (EPOLLIN | EPOLLRDHUP | EPOLLET)

/* Closes and frees a connection. */
void http1_output_close(struct event_loop *loop, struct client_connection *connection);

/* Makes epoll report the current state again, although it reports edges. */
void http1_output_rearm(struct event_loop *loop, struct client_connection *connection,
			uint32_t events);

/* Discards what the client sends after its last response, until it closes. */
void http1_output_linger(struct event_loop *loop, struct client_connection *connection);

/* Goes on after an attempt to send. True when the next request may be read. */
bool http1_output_finish(struct event_loop *loop, struct client_connection *connection,
			 struct response_writer *writer, enum send_result sent);

/* Sends a parked rest. True when all of it is sent and the next request may be read. */
bool http1_output_resume(struct event_loop *loop, struct client_connection *connection);

/* Responds to loop->request, which has a refusal, and ends the connection. */
void http1_output_refuse(struct event_loop *loop, struct client_connection *connection);

/* The same with 503, for lack of threads, places or memory. */
void http1_output_refuse_busy(struct event_loop *loop, struct client_connection *connection);
