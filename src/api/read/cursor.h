/*
 * cursor: where the next page of a list begins.
 *
 * base64url of a JSON array: the sort value and the identifier of the last row given, and a hash
 * that ties them to one list (route, filters, language, sort key). It is not a secret: it keeps a
 * cursor from being used, by mistake or edited, where it would skip or repeat rows.
 */
#pragma once
#include "base/arena.h"

struct cursor {
	const char *value, *key;
};

/* `list` names the list; `position` is the JSON array [value, key]. NULL when out of memory. */
char *cursor_write(struct arena *arena, const char *list, const char *position);

/* Fails with ERROR_BAD_REQUEST when the text is no cursor of this list. */
MUST_CHECK bool cursor_read(struct arena *arena, const char *list, const char *text,
			    struct cursor *cursor, struct error *err);
