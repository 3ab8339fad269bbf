/*
 * request_body: which requests may have a body, and which body.
 */
#pragma once
#include "http/message/exchange.h"
#include "http/message/service.h"

/* Holds the announced body against the request's route, which may be NULL. Fails with
 * ERROR_UNSUPPORTED_TYPE, ERROR_BODY_TOO_LARGE or ERROR_BAD_REQUEST, the last also for a body that
 * was not received. */
MUST_CHECK bool request_body_check(const struct raw_request *raw, const struct request *request,
				   struct error *err);

/* True when the head of a request with a body says nothing against it: its route takes one of this
 * type and length. dispatch then needs the body; otherwise it refuses the request without. */
bool request_body_needed(const struct service *service, const struct raw_request *raw);
