/*
 * memo_hit: repeats the response of dispatch to an earlier equal request.
 *
 * The response equals that of dispatch to the byte. What differs from request to request (the
 * identifier, the fields for browsers, the conditions) is handled here.
 */
#pragma once
#include "http/message/exchange.h"
#include "http/message/service.h"
#include "server/connection/response_writer.h"

/* Responds to a request without a body, and counts and logs it. `writer` is empty but for `last`.
 * False, and nothing is done, when dispatch must respond. */
bool memo_hit_answer(const struct service *service, const struct raw_request *raw,
		     struct response_writer *writer);
