/*
 * gzip: RFC 1952.
 */
#pragma once
#include <stddef.h>

#include "base/error.h"

/* Compresses bytes into one gzip member. *packed is malloced and belongs to the caller. Fails with
 * ERROR_INTERNAL when out of memory, and beyond 2 GiB. */
MUST_CHECK bool gzip_pack(const char *bytes, size_t length, char **packed, size_t *packed_length,
			  struct error *err);
