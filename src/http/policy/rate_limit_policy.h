/*
 * rate_limit_policy: which requests count against a client's allowance, and what the client is told
 * about it.
 */
#pragma once
#include "http/message/exchange.h"
#include "http/message/service.h"

/* Takes the request from the client's allowance. Without a limit, for probes and for OPTIONS (a
 * browser could not tell its page that a preflight was refused) it does nothing. */
void rate_limit_policy_charge(const struct service *service, struct exchange *exchange);

/* The same; fails with ERROR_TOO_MANY_REQUESTS when the allowance is used up. */
MUST_CHECK bool rate_limit_policy_admit(const struct service *service, struct exchange *exchange,
					struct error *err);

/* Processes the finished response. A 304 from the cache does not count, since it cost almost
 * nothing. A response that no shared cache may store gets the client's allowance. */
void rate_limit_policy_settle(const struct service *service, struct exchange *exchange);
