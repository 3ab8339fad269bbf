/*
 * requests: the way of a request from the library through the framework to dispatch, and back, on
 * connections that were handed over. For server.c.
 */
#pragma once
#include "server/connection/connection_table.h"
#include "http/message/exchange.h"

#include <microhttpd.h>

struct _u_request;
struct _u_response;

/* What the library calls: a request line is complete; an answer is out, or the connection broke. */
void *ulfius_bridge_target(void *context, const char *target, struct MHD_Connection *handle);
void ulfius_bridge_completed(void *context, struct MHD_Connection *handle, void **state,
			     enum MHD_RequestTerminationCode code);

/* The only callback that Ulfius ever calls; context is the struct service. */
int ulfius_bridge_answer(const struct _u_request *request, struct _u_response *response,
			 void *context);

/* Frees what a connection holds of its request. */
void ulfius_bridge_end(struct client_connection *connection, enum MHD_RequestTerminationCode code);
