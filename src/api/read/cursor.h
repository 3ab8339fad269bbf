/*
 * cursor: where the next page of a list begins.
 *
 * base64url of a JSON array: the sort value and the identifier of the last row of a page, and a
 * hash over them and their list (route, filters, language, sort key). The hash is not a secret. It
 * prevents the use of a cursor with another list, or of an edited one, which would skip or repeat
 * rows.
 */
#pragma once
#include "base/arena.h"

struct cursor {
	const char *value, *key;
};

/* `list` identifies the list; `position` is the JSON array [value, key]. NULL when out of memory.
 */
char *cursor_write(struct arena *arena, const char *list, const char *position);

/* Fails with ERROR_BAD_REQUEST when the text is not a cursor of this list. */
MUST_CHECK bool cursor_read(struct arena *arena, const char *list, const char *text,
			    struct cursor *cursor, struct error *err);
