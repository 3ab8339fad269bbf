/*
 * fast: requests that were answered before are answered before the framework sees them.
 *
 * The answer is the same to the byte; what differs from request to request (identifier, browser's
 * fields, conditions) is looked at here. Whatever is unusual about a request goes the long way.
 */
#pragma once
#include "http/connections.h"
#include "http/exchange.h"

struct MHD_Connection;

/* An answer that was found and waits to be given. */
struct fast;

/* Looks for the answer to the request whose head is complete; NULL sends it the long way. */
struct fast *fast_find(const struct service *service, struct connection *connection,
		       const char *method, const char *version);

/* Gives it, counts and logs it, and frees it. False: the connection must end. */
bool fast_give(const struct service *service, struct fast *fast);

/* Frees one that was not given. */
void fast_drop(struct fast **fast);
