/*
 * shared_body: passes a reference-counted body to Ulfius without copying it.
 */
#pragma once
#include "http/message/exchange.h"

struct _u_response;

/* Lends the shared body that `passed` points to until Ulfius has queued the response; libmicrohttpd
 * copies it then. Returns false when out of memory: the response has no body then. */
bool shared_body_lend(struct response *response, struct _u_response *passed);
