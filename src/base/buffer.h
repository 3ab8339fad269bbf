/*
 * buffer: growing text with a maximum.
 */
#pragma once
#include <stddef.h>

#include "base/error.h"

/* All-zero is an empty buffer without a maximum; set `maximum` to bound it. A failed addition
 * (memory, maximum) sets `failed`, and all later ones fail too, so that a caller may add a lot and
 * check once. `bytes` ends with a zero byte after the first addition. */
struct buffer {
	char *bytes;
	size_t length, capacity, maximum;
	bool failed;
};

void buffer_free(struct buffer *buffer);
void buffer_add(struct buffer *buffer, const void *bytes, size_t length);

/* Returns room for `length` bytes at the end, to be written in place. On failure it returns NULL
 * and sets `failed`. buffer_reserved then adds as many of them as were written. */
char *buffer_reserve(struct buffer *buffer, size_t length);
void buffer_reserved(struct buffer *buffer, size_t length);

void buffer_text(struct buffer *buffer, const char *text);
void buffer_format(struct buffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3);

/* Adds text as a JSON string with its quotes; NULL becomes null. (RFC 8259, section 7) */
void buffer_json(struct buffer *buffer, const char *text);

/* Returns the bytes, which the caller frees, and empties the buffer. Returns NULL when an addition
 * failed. */
char *buffer_steal(struct buffer *buffer, size_t *length);
