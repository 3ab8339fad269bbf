/*
 * framing: how long a request is and what follows it on the connection, and heads that two readers
 * could understand differently. (RFC 9112, sections 3.2, 6 and 9.3)
 */
#pragma once
#include "http/message/exchange.h"

/* Fills content_length, close and expects_continue from the version and the fields. Returns false,
 * with the refusal set, for a head that must not be interpreted. */
bool framing_read(struct raw_request *request);

/* Refuses the request whatever it asks for, and ends its connection. `reason` is a sentence that
 * lives as long as the program. Returns false. */
bool framing_refuse(struct raw_request *request, enum error_kind kind, const char *reason);
