#include "http/message/query_string.h"

#include "base/utf8.h"
#include "fuzz.h"

#include "base/banned.h"

enum { MAXIMUM = 32 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct arena *arena = arena_open(1 << 20);
	char *text = text_of(bytes, length);
	struct query_pair pairs[MAXIMUM] = {0};
	struct error err;
	size_t count;

	if (arena && query_string_read(text, arena, pairs, MAXIMUM, &count, &err)) {
		PROMISE(count <= MAXIMUM + 1);
		for (size_t i = 0; i < count && i < MAXIMUM; i++) {
			PROMISE(pairs[i].name);
			PROMISE(!pairs[i].value == !!pairs[i].fault.english);
			PROMISE(!pairs[i].value ||
				utf8_valid(pairs[i].value, strlen(pairs[i].value)));
		}
	}
	free(text);
	arena_close(&arena);
	return 0;
}
