/*
 * dispatch: processes a request in a list of steps.
 */
#pragma once
#include "http/message/exchange.h"
#include "http/message/service.h"

/* Responds to a request; always leaves a complete response. `raw` outlives the exchange. A request
 * whose body was announced and has not been received is refused, and its connection ends. Does not
 * wait when raw->refusal is set. */
void dispatch(const struct service *service, const struct raw_request *raw,
	      struct exchange *exchange);
