/*
 * framing: the length of a request and what follows it on the connection. Refuses heads that
 * another reader could interpret differently. (RFC 9112, sections 3.2, 6 and 9.3)
 */
#pragma once
#include "http/message/exchange.h"

/* Fills content_length, close and expects_continue from the version and the fields. Returns false,
 * with the refusal set, for a head that must not be interpreted. */
bool framing_read(struct raw_request *request);

/* Sets the refusal of the request, which then ends its connection. `reason` is a sentence with
 * static lifetime. Returns false. */
bool framing_refuse(struct raw_request *request, enum error_kind kind, struct bilingual reason);
