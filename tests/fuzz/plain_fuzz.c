#include "server/loop/request_head.h"

#include "fuzz.h"

#include "base/banned.h"

struct seen {
	enum plain found;
	struct raw_request incoming;
	size_t size;
	bool close;
};

static void look(const uint8_t *bytes, size_t length, char *copy, struct seen *seen)
{
	if (length > 0)
		memcpy(copy, bytes, length);
	*seen = (struct seen){0};
	seen->found = request_head_read(copy, length, &seen->incoming, &seen->size, &seen->close);
}

/* A text lies inside the head and ends there. */
static void promise_inside(const char *text, const char *head, size_t size)
{
	PROMISE(text > head && text < head + size);
	PROMISE(memchr(text, '\0', (size_t)(head + size - text)));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	char *copy = malloc(length + 1);
	struct seen seen, again;

	if (!copy)
		abort();
	look(bytes, length, copy, &seen);
	if (seen.found == PLAIN_WHOLE) {
		const struct raw_request *incoming = &seen.incoming;

		PROMISE(seen.size <= length && seen.size <= PLAIN_LONGEST);
		PROMISE(incoming->field_count <= LIMIT_FIELDS);
		PROMISE(*incoming->target == '/' && strlen(incoming->target) <= LIMIT_TARGET);
		PROMISE(strcmp(incoming->version, "HTTP/1.1") == 0 ||
			strcmp(incoming->version, "HTTP/1.0") == 0);
		promise_inside(incoming->target, copy, seen.size);
		for (size_t i = 0; i < incoming->field_count; i++) {
			promise_inside(incoming->fields[i].name, copy, seen.size);
			promise_inside(incoming->fields[i].value, copy, seen.size);
			PROMISE(*incoming->fields[i].name);
			PROMISE(!strpbrk(incoming->fields[i].value, "\r\n"));
		}
		/* What comes behind it changes nothing; without its last byte it is none yet. */
		look(bytes, seen.size, copy, &again);
		PROMISE(again.found == PLAIN_WHOLE && again.size == seen.size &&
			again.close == seen.close);
		look(bytes, seen.size - 1, copy, &again);
		PROMISE(again.found == PLAIN_PARTIAL);
	}
	free(copy);
	return 0;
}
