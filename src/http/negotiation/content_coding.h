/*
 * coding: in which coding an answer is sent. (RFC 9110, section 12.5.3)
 */
#pragma once
#include <stdbool.h>

/* The more liked of two that are equally welcome comes later. */
enum content_coding { CODING_IDENTITY, CODING_GZIP, CODING_BROTLI, CODINGS };

/* Picks among those that are available, of which CODING_IDENTITY always is. Plain is sent too where
 * another coding would be welcome that is not there. False when none would be. */
bool content_coding_pick(const char *accept_encoding, const bool available[CODINGS],
			 enum content_coding *picked);

/* The value of Content-Encoding, NULL for plain; what an entity tag ends with. */
const char *content_coding_name(enum content_coding coding);
const char *content_coding_suffix(enum content_coding coding);
