/*
 * json: operations on JSON texts. (RFC 8259)
 */
#pragma once
#include "base/buffer.h"

/* Adds a valid JSON text without the white space between its tokens, so that equal values have
 * equal bytes and none takes more than a line. */
void json_compact(struct buffer *buffer, const char *json, size_t length);

/* True when arrays and objects are nested at most `most` deep. The bytes may be no JSON. To be
 * checked before a parser that recurses, which takes stack for each level. */
bool json_depth_within(const char *json, size_t length, size_t most);
