/*
 * fast: requests that were answered before are answered by those who read them.
 *
 * The answer is the same to the byte as dispatch's; what differs from request to request
 * (identifier, browser's fields, conditions) is looked at here. Whatever is unusual about a request
 * goes the long way.
 */
#pragma once
#include "http/message/exchange.h"
#include "server/loop/response_writer.h"

/* Answers a plain request (http/plain.h), counts and logs it. `outgoing` is empty but for `last`.
 * False sends the request the long way. */
bool memo_hit_answer(const struct service *service, const struct raw_request *incoming,
		     struct response_writer *outgoing);
