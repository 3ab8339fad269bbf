/*
 * admission: whether a client may ask now, and what it is told about how much it may ask.
 */
#pragma once
#include "http/message/exchange.h"

/* Takes the request from the client's allowance. Without a limit, for probes and for OPTIONS (a
 * browser could not tell its page that a preflight was refused) it does nothing. Fails with
 * ERROR_TOO_MANY_REQUESTS. */
MUST_CHECK bool rate_limit_policy_admit(const struct service *service, struct exchange *exchange,
					struct error *err);

/* Looks at the finished response: a 304 is given back to the client; an answer that no shared cache
 * may store tells the client its allowance, since it is this client's alone. */
void rate_limit_policy_settle(const struct service *service, struct exchange *exchange);
