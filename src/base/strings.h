/*
 * strings: growing text with a maximum, UTF-8, and strict numbers.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/error.h"

/* Growing text. All-zero is an empty one without a maximum; set `maximum` to bound it. A failed
 * addition (memory, maximum) is remembered in `failed`, so that a caller may add a lot and look
 * once. `bytes` ends with a zero byte as soon as anything was added. */
struct buffer {
	char *bytes;
	size_t length, capacity, maximum;
	bool failed;
};

void buffer_free(struct buffer *buffer);
void buffer_add(struct buffer *buffer, const void *bytes, size_t length);

/* Room for `length` bytes behind what is there, for who writes them in place; NULL, and the buffer
 * has failed, when there is none. buffer_reserved then adds as many of them as were written. */
char *buffer_reserve(struct buffer *buffer, size_t length);
void buffer_reserved(struct buffer *buffer, size_t length);

void buffer_text(struct buffer *buffer, const char *text);
void buffer_format(struct buffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3);

/* Adds text as a JSON string with its quotes; NULL becomes null. (RFC 8259, section 7) */
void buffer_json(struct buffer *buffer, const char *text);

/* The bytes, which the caller frees; NULL when an addition failed. The buffer is empty after. */
char *buffer_steal(struct buffer *buffer, size_t *length);

/* Bytes of the valid UTF-8 sequence that text begins with; 0 when it begins with none. */
size_t utf8_length(const char *text, size_t length);

/* True when the bytes are valid UTF-8 (RFC 3629: no overlong forms, no surrogates). */
bool utf8_valid(const char *bytes, size_t length);

/* Cuts an incomplete sequence off the end of text. */
void utf8_trim(char *text);

/* A whole decimal number without sign or blanks, inside the range; false for anything else. */
bool strings_number(const char *text, long minimum, long maximum, long *number);

/* A real day of the Gregorian calendar, YYYY-MM-DD, years 0001 to 9999. */
bool moment_date_valid(const char *text);

/* Writes today in UTC as YYYY-MM-DD; gives its first second. */
time_t moment_today(char today[11]);
