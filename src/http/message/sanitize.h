/*
 * sanitize: texts from clients, made safe for JSON documents and log lines.
 */
#pragma once
#include "base/arena.h"

/* Replaces every byte that is not part of valid UTF-8 by a question mark. */
void sanitize_text(char *text);

/* The same in a copy; NULL when out of memory. Every text
 * from a client is sanitized before it becomes part of JSON. */
char *sanitize_copy(struct arena *arena, const char *text);
