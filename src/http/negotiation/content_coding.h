/*
 * encoding: in which coding an answer is sent. (RFC 9110, section 12.5.3)
 */
#pragma once
#include <stdbool.h>

/* The more liked of two that are equally welcome comes later. */
enum encoding { ENCODING_PLAIN, ENCODING_GZIP, ENCODING_BROTLI, ENCODINGS };

/* Picks among those that are available, of which ENCODING_PLAIN always is. Plain is sent too where
 * another coding would be welcome that is not there. False when none would be. */
bool encoding_pick(const char *accept_encoding, const bool available[ENCODINGS],
		   enum encoding *picked);

/* The value of Content-Encoding, NULL for plain; what an entity tag ends with. */
const char *encoding_name(enum encoding encoding);
const char *encoding_suffix(enum encoding encoding);
