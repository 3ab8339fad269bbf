/*
 * utf8: checks of UTF-8. (RFC 3629: no overlong forms, no surrogates)
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* Returns the length of the valid sequence that text begins with, or 0. */
size_t utf8_length(const char *text, size_t length);

bool utf8_valid(const char *bytes, size_t length);

/* Replaces every byte that is not part of valid UTF-8 by a question mark. Every text from a client
 * is cleaned before it becomes part of JSON. */
void utf8_clean(char *text);

/* Cuts an incomplete sequence off the end of text. */
void utf8_trim(char *text);
