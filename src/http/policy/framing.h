/*
 * framing: heads from which two readers could learn two different bodies.
 * (RFC 9112, sections 3.2, 6.1 and 6.3)
 */
#pragma once
#include "http/message/exchange.h"

/* NULL when the head is sound, else what is wrong as a sentence. *close is set when the
 * connection cannot be used again. */
const char *framing_fault(const struct raw_request *incoming, bool *close);
