/*
 * request_id: the identifier of a request, and of its trace.
 */
#pragma once
#include "http/message/exchange.h"

enum { REQUEST_ID_SIZE = 65 };

/* Copies the identifier that the client sent (NULL: none) when it matches [A-Za-z0-9._-]{1,64};
 * otherwise generates one. */
void request_id_set(char id[REQUEST_ID_SIZE], const char *sent);

/* True for a well-formed traceparent field. (W3C Trace Context, section 3.2) */
bool request_id_traceparent_valid(const char *text);

/* Sets the identifier and the traceparent of an exchange from the fields of its request. */
void request_id_read(struct exchange *exchange);
