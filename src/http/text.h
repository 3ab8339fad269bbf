/*
 * text: what clients sent, made fit to be shown.
 */
#pragma once
#include "base/arena.h"

/* Replaces every byte that is not part of valid UTF-8 by a question mark. */
void text_scrub(char *text);

/* The same in a copy; NULL when out of memory. Texts that quote a client pass through here before
 * they enter JSON. */
char *text_clean(struct arena *arena, const char *text);
