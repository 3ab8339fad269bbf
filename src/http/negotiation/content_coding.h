/*
 * content_coding: which coding a response is sent in. (RFC 9110, section 12.5.3)
 */
#pragma once
#include "http/message/response.h"

/* Picks the coding with the highest quality among those that are available, of which
 * CODING_IDENTITY always is one. Returns false when the client accepts none of all codings. */
bool content_coding_pick(const char *accept_encoding, const bool available[CODINGS],
			 enum content_coding *picked);

/* The value of Content-Encoding, NULL for identity; the suffix of an entity tag. */
const char *content_coding_name(enum content_coding coding);
const char *content_coding_suffix(enum content_coding coding);
