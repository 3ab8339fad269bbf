/*
 * coding: content codings. (RFC 1952, RFC 7932)
 */
#pragma once
#include <stddef.h>

#include "base/error.h"

/* Each makes one finished stream of the bytes; *coded is malloced and the caller's. The levels are
 * those that pay for answers which are coded once and sent often. */
MUST_CHECK bool coding_gzip(const char *bytes, size_t length, char **coded, size_t *coded_length,
			    struct error *err);
MUST_CHECK bool coding_brotli(const char *bytes, size_t length, char **coded, size_t *coded_length,
			      struct error *err);
