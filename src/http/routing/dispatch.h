/*
 * dispatch: turns a request into its response in a list of steps.
 */
#pragma once
#include "http/message/exchange.h"
#include "http/message/service.h"

/* Always fills the exchange with a complete response. `raw` must outlive the exchange. A
 * request whose announced body was not received is refused, and its connection is closed. Does not
 * block when raw->refusal is set. */
void dispatch(const struct service *service, const struct raw_request *raw,
	      struct exchange *exchange);
