/*
 * validators: adds the fields that let clients and caches store a response (its coding, entity tag
 * and Cache-Control), and reduces it to 304 for a client that has it. (RFC 9110, sections 8.8 and
 * 13)
 */
#pragma once
#include "http/message/exchange.h"

/* Adds the fields to a 200 that has a tag; leaves any other response as it is. Fails with
 * ERROR_NOT_ACCEPTABLE when the client accepts no coding of the body. */
MUST_CHECK bool validators_add(const struct request *request, struct response *response,
			       struct error *err);
