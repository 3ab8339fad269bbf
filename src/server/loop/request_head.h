/*
 * plain: requests that are plain enough to be read here: GET or HEAD without a body, of HTTP/1.1
 * with one Host or of HTTP/1.0 that wants no second answer, whose fields change neither framing nor
 * protocol. (RFC 9112, sections 3 and 5)
 *
 * Whatever is not exactly so is the library's to understand or to refuse.
 */
#pragma once
#include "http/message/exchange.h"

enum plain {
	PLAIN_PARTIAL, /* it may become one */
	PLAIN_WHOLE,
	PLAIN_NOT,
};

enum {
	/* Bytes of the longest head that is read here; with the limits on target and fields no
	 * longer one is plain. */
	PLAIN_LONGEST = LIMIT_TARGET + LIMIT_FIELD_BYTES + 64,
};

/* Reads the request that `bytes` begin with, and writes zeros behind its texts. With PLAIN_WHOLE
 * `incoming` holds method, target, version and fields, which are parts of `bytes`; *size is the
 * head's length; *close: the client wants no second answer on its connection. */
enum plain request_head_read(char *bytes, size_t length, struct raw_request *incoming, size_t *size,
			     bool *close);
