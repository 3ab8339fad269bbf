/* The input is a cursor as a client sends it, or (after '=') the position that one is made of. */
#include "api/read/cursor.h"

#include "base/utf8.h"
#include "fuzz.h"

#include "base/banned.h"

#define LIST "/v1/statements?kind=reservation id en"

static void check(struct arena *arena, const char *text)
{
	struct cursor cursor;
	struct error err;

	if (!text)
		return;
	/* Another list's cursor is none. */
	if (cursor_read(arena, LIST, text, &cursor, &err)) {
		PROMISE(cursor.value && utf8_valid(cursor.value, strlen(cursor.value)));
		PROMISE(cursor.key && utf8_valid(cursor.key, strlen(cursor.key)));
		PROMISE(!cursor_read(arena, LIST "?", text, &cursor, &err));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct arena *arena = arena_open(1 << 20);
	char *text = text_of(bytes, length);

	if (arena && text[0] == '=')
		check(arena, cursor_write(arena, LIST, text + 1));
	else if (arena)
		check(arena, text);
	free(text);
	arena_close(&arena);
	return 0;
}
