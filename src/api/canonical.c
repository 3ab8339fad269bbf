#include "api/canonical.h"

#include "base/cleanup.h"
#include "base/strings.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define UNRESERVED                                                                                 \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"                       \
	","

struct pair {
	const char *name, *value;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct pair *)a)->name, ((const struct pair *)b)->name);
}

static bool listed(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

static void add_encoded(struct buffer *address, const char *text)
{
	while (*text) {
		size_t plain = strspn(text, UNRESERVED);

		buffer_add(address, text, plain);
		text += plain;
		if (*text)
			buffer_format(address, "%%%02X", (unsigned)(unsigned char)*text++);
	}
}

static char *build(const struct request *request, struct pair *pairs, size_t count)
{
	CLEANUP(buffer_free) struct buffer address = {0};

	qsort(pairs, count, sizeof *pairs, by_name);
	buffer_text(&address, request->canonical_path);
	for (size_t i = 0; i < count; i++) {
		buffer_format(&address, "%c%s=", i ? '&' : '?', pairs[i].name);
		add_encoded(&address, pairs[i].value);
	}
	if (address.failed)
		return NULL;
	return arena_copy(request->arena, address.bytes, address.length);
}

static size_t given(const struct request *request, const char *const *leave, struct pair *pairs)
{
	size_t count = 0;

	for (size_t i = 0; i < request->value_count; i++) {
		const struct value *value = &request->values[i];

		if (value->parameter->place == PARAMETER_QUERY &&
		    !listed(leave, value->parameter->name))
			pairs[count++] = (struct pair){value->parameter->name, value->canonical};
	}
	return count;
}

char *canonical_address(const struct request *request, const char *const *leave)
{
	struct pair pairs[REQUEST_VALUES];

	return build(request, pairs, given(request, leave, pairs));
}

char *canonical_address_with(const struct request *request, const char *const *leave,
			     const char *name, const char *value)
{
	struct pair pairs[REQUEST_VALUES + 1];
	size_t count = given(request, leave, pairs);

	pairs[count++] = (struct pair){name, value};
	return build(request, pairs, count);
}
