/*
 * options: the methods of an address. (RFC 9110, sections 9.3.7 and 10.2.1)
 */
#pragma once
#include "http/message/exchange.h"
#include "http/message/service.h"

/* The methods of a template as a list for the field Allow, of all routes when it is NULL; NULL when
 * out of memory. */
const char *options_allow(const struct service *service, const char *template, struct arena *arena);

/* Responds with 204 and the methods; to a preflight also with the CORS fields. */
MUST_CHECK bool options_respond(const struct service *service, const char *template,
				const struct request *request, struct response *response,
				struct error *err);
