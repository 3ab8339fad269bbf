/*
 * request_body: checks whether a request may have its body.
 */
#pragma once
#include "http/message/exchange.h"
#include "http/message/service.h"

/* Checks the announced body against the request's route, which may be NULL. Fails with
 * ERROR_UNSUPPORTED_TYPE, ERROR_BODY_TOO_LARGE or ERROR_BAD_REQUEST, the last also for a body that
 * was not received. */
MUST_CHECK bool request_body_check(const struct raw_request *raw, const struct request *request,
				   struct error *err);

/* Returns true when the route takes a body of the type and length that the head announces. dispatch
 * then needs the body; otherwise it refuses the request without one. */
bool request_body_needed(const struct service *service, const struct raw_request *raw);
