/*
 * text: what clients sent, made fit to be shown.
 */
#pragma once
#include "base/arena.h"

#include <stdbool.h>
#include <strings.h>

/* True for equal names of fields, which are compared without case. (RFC 9110, section 5.1) Most
 * that differ do so in the first letter. */
static inline bool sanitize_same_name(const char *a, const char *b)
{
	return (*a | 0x20) == (*b | 0x20) && strcasecmp(a, b) == 0;
}

/* Replaces every byte that is not part of valid UTF-8 by a question mark. */
void sanitize_text(char *text);

/* The same in a copy; NULL when out of memory. Texts that quote a client pass through here before
 * they enter JSON. */
char *sanitize_copy(struct arena *arena, const char *text);
