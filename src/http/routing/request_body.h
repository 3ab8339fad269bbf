/*
 * request_body: which requests may have a body, and which body.
 */
#pragma once
#include "http/message/exchange.h"
#include "http/message/service.h"

/* Checks the announced body against the request's route, which may be NULL. Fails with
 * ERROR_UNSUPPORTED_TYPE, ERROR_BODY_TOO_LARGE or ERROR_BAD_REQUEST, the last also for a body that
 * was not received. */
MUST_CHECK bool request_body_check(const struct raw_request *raw, const struct request *request,
				   struct error *err);

/* True when the route accepts a body of the announced type and length. dispatch then needs the
 * body; otherwise it refuses the request without it. */
bool request_body_needed(const struct service *service, const struct raw_request *raw);
