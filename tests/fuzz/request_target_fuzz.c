#include "http/message/request_target.h"

#include "fuzz.h"

#include "base/banned.h"

static void check_path(const char *path)
{
	char *normal = strdup(path), *again;

	if (!normal || !request_target_normalise(normal)) {
		free(normal);
		return;
	}
	PROMISE(*normal == '/' && !strchr(normal, '%') && !strstr(normal, "//"));
	again = strdup(normal);
	PROMISE(again && request_target_normalise(again) && strcmp(normal, again) == 0);
	free(again);
	free(normal);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct arena *arena = arena_open(1 << 20);
	char *text = text_of(bytes, length);
	struct buffer encoded = {0};
	struct request_target target;
	struct error err;

	if (arena && request_target_read(text, arena, &target, &err)) {
		PROMISE(target.path && target.query && !strchr(target.path, '?'));
		if (target.form == TARGET_PATH)
			check_path(target.path);
		request_target_encode(&encoded, target.query);
		for (size_t i = 0; i < encoded.length; i++)
			PROMISE(encoded.bytes[i] > ' ' && encoded.bytes[i] < 0x7F);
	}
	buffer_free(&encoded);
	free(text);
	arena_close(&arena);
	return 0;
}
