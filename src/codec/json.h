/*
 * json: what is done to finished JSON texts. (RFC 8259)
 */
#pragma once
#include "base/buffer.h"

/* Adds a valid JSON text without the white space between its tokens, so that equal values have
 * equal bytes and none takes more than a line. */
void json_compact(struct buffer *buffer, const char *json, size_t length);
