/*
 * loan: a shared body in the hands of the framework, which frees what it is given.
 */
#pragma once
#include "http/message/exchange.h"

struct _u_response;

/* Lends the body that `response` holds until the answer is queued; the framework copies it then.
 * False when out of memory: the response then has no body. */
bool shared_body_lend(struct response *reply, struct _u_response *response);
