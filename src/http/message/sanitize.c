#include "http/message/sanitize.h"

#include "base/utf8.h"

#include <string.h>

#include "base/banned.h"

/* Length of the valid UTF-8 sequence at the start of text, 0 when there is none. */
static size_t sequence(const char *text)
{
	size_t left = strnlen(text, 4);

	for (size_t length = 1; length <= left; length++)
		if (utf8_valid(text, length))
			return length;
	return 0;
}

void sanitize_text(char *text)
{
	while (*text) {
		size_t length = sequence(text);

		if (length == 0)
			*text = '?';
		text += length ? length : 1;
	}
}

char *sanitize_copy(struct arena *arena, const char *text)
{
	char *copy = arena_copy(arena, text, strlen(text));

	if (copy)
		sanitize_text(copy);
	return copy;
}
