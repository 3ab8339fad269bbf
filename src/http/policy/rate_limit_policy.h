/*
 * rate_limit_policy: which requests count against a client's allowance, and the fields of the
 * response that report it.
 */
#pragma once
#include "http/message/exchange.h"
#include "http/message/service.h"

/* Takes the request from the client's allowance. Does nothing without a limit, for probes, and for
 * OPTIONS, since a browser cannot report to its page why a preflight was refused. */
void rate_limit_policy_charge(const struct service *service, struct exchange *exchange);

/* The same; fails with ERROR_TOO_MANY_REQUESTS when the allowance is used up. */
MUST_CHECK bool rate_limit_policy_admit(const struct service *service, struct exchange *exchange,
					struct error *err);

/* To be called with the finished response. Returns the request to the allowance when the response
 * is a 304 that needed no query. Adds the allowance to responses that no shared cache may store. */
void rate_limit_policy_settle(const struct service *service, struct exchange *exchange);
