/*
 * base64url: RFC 4648, section 5, without padding.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#define BASE64URL_LENGTH(bytes) ((4 * (bytes) + 2) / 3)

/* Writes BASE64URL_LENGTH(length) characters and a zero byte to text. */
void base64url_encode(const void *bytes, size_t length, char *text);

/* Decodes into bytes, which has room for capacity, and ends it with a zero byte that does not
 * count. False for foreign characters, padding, an encoding that is not canonical, or
 * too little room. */
bool base64url_decode(const char *text, void *bytes, size_t capacity, size_t *length);
