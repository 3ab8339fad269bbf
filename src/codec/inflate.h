/*
 * inflate: gzip (RFC 1952) back into the bytes that it was made of.
 */
#pragma once
#include <stddef.h>

#include "base/error.h"

/* Unpacks one gzip member. On success *bytes, which the caller frees, holds *length bytes. Fails
 * with ERROR_INTERNAL when the packed bytes are damaged, or would be more than `maximum`. */
MUST_CHECK bool inflate_gzip(const void *packed, size_t packed_length, size_t maximum, char **bytes,
			     size_t *length, struct error *err);
