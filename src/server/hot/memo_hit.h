/*
 * memo_hit: repeats the response of dispatch to an equal request.
 *
 * The response is equal to that of dispatch to the byte. The identifier, the fields of CORS and the
 * conditions differ between requests and are handled here.
 */
#pragma once
#include "http/message/exchange.h"
#include "http/message/service.h"
#include "server/connection/response_writer.h"

/* Responds to a request without a body, and counts and logs it. `writer` is empty but for `last`.
 * False, and nothing is done, when dispatch must respond. */
bool memo_hit_respond(const struct service *service, const struct raw_request *raw,
		      struct response_writer *writer);
