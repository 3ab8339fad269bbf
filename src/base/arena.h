/*
 * arena: memory that lives as long as one request.
 *
 * Memory has one of three lifetimes: the process (settings, tables, statements: allocated at
 * start, never freed), a request (here: freed all at once after the response), or an owner
 * (malloc and a CLEANUP or a reference count).
 */
#pragma once
#include <stdarg.h>
#include <stddef.h>

#include "base/error.h"

struct arena; /* all-zero is not valid: use arena_open */

/* NULL when out of memory. `maximum` bounds the bytes that all allocations together may take. */
struct arena *arena_open(size_t maximum);
void arena_close(struct arena **arena);

/* Zeroed bytes, aligned for any type; NULL when out of memory or over the maximum. */
void *arena_take(struct arena *arena, size_t size);

/* A copy that ends with a zero byte; NULL as above. */
char *arena_copy(struct arena *arena, const char *text, size_t length);
char *arena_format(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
char *arena_format_list(struct arena *arena, const char *format, va_list args) PRINTF_LIKE(2, 0);
