/*
 * request_head: the one reader of request heads: request line and header fields.
 * (RFC 9112, sections 2.2, 3 and 5)
 *
 * It is strict. What the grammar does not allow is malformed, since another reader between client
 * and service may understand it differently: line ends other than CRLF, blanks before a colon,
 * folded lines, control characters.
 */
#pragma once
#include "http/message/exchange.h"

enum request_head_state {
	REQUEST_HEAD_PARTIAL,	/* well-formed as far as it has arrived */
	REQUEST_HEAD_COMPLETE,	/* *size is its length */
	REQUEST_HEAD_MALFORMED, /* the refusal is set; nothing behind it can be understood */
};

enum {
	/* Bytes of empty lines that may precede a request line. */
	REQUEST_HEAD_EMPTY = 16,
	/* Bytes of the longest head: the limits refuse any longer one. */
	REQUEST_HEAD_LONGEST = REQUEST_HEAD_EMPTY + LIMIT_TARGET + LIMIT_FIELD_BYTES + 64,
};

/* Reads the head at the start of `bytes` and writes zeros behind its texts, which are parts of
 * `bytes`. Fills method, target, version, lines, fields and what framing_read derives from them;
 * of a malformed head those that precede the fault. */
enum request_head_state request_head_read(char *bytes, size_t length, struct raw_request *request,
					  size_t *size);
