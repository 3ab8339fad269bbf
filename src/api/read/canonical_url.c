#include "api/read/canonical_url.h"

#include "api/validate/parameter_checks.h"
#include "api/document.h"
#include "base/cleanup.h"
#include "base/buffer.h"
#include "http/negotiation/media_type.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define UNRESERVED                                                                                 \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"                       \
	","

enum { NEGOTIATED = 2 }; /* format and lang */

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

static char *build_address(const struct request *request, struct pair *pairs, size_t count)
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

long canonical_url_limit(const struct request *request)
{
	const struct document *document = request->route->detail;

	if (request->media->bulk)
		return LIMIT_TABLE;
	return document->whole ? 0 : LIMIT_DEFAULT;
}

bool canonical_url_descending(const struct request *request)
{
	const struct document *document = request->route->detail;

	/* Atom clients expect the newest entries first. */
	return document->sorts[0].descending || request->media == &media_type_atom;
}

static bool is_default_sort(const struct request *request, const char *sort)
{
	const struct document *document = request->route->detail;
	bool descending = *sort == '-';

	return document->sorts[0].name && descending == canonical_url_descending(request) &&
	       strcmp(sort + descending, document->sorts[0].name) == 0;
}

/* True for a filter by all that the address stands for. */
static bool is_fixed(const struct request *request, const struct value *value)
{
	const struct document *document = request->route->detail;

	for (size_t i = 0; i < DOCUMENT_FIXED && document->fixed[i].name; i++)
		if (strcmp(document->fixed[i].name, value->parameter->name) == 0)
			return strcmp(document->fixed[i].value, value->canonical) == 0;
	return false;
}

/* True when the response is the same without the value. */
static bool is_default(const struct request *request, const struct value *value)
{
	const char *name = value->parameter->name;

	if (strcmp(name, "sort") == 0)
		return is_default_sort(request, value->canonical);
	if (strcmp(name, "limit") == 0)
		return strtol(value->canonical, NULL, 10) == canonical_url_limit(request);
	return is_fixed(request, value);
}

/* Adds the negotiated format and language, whether or not the query string has them. */
static size_t add_negotiated(const struct request *request, const char *const *leave, bool cursor,
			     struct pair *pairs, size_t count)
{
	if (request->media && request->media != request->route->media[0] &&
	    !listed(leave, "format"))
		pairs[count++] = (struct pair){"format", request->media->format};
	if ((cursor || strcmp(request->language, "en") != 0) && !listed(leave, "lang"))
		pairs[count++] = (struct pair){"lang", request->language};
	return count;
}

static size_t collect_pairs(const struct request *request, const char *const *leave, bool cursor,
			    struct pair *pairs)
{
	static const char *const negotiated[] = {"format", "lang", NULL};
	size_t count = 0;

	for (size_t i = 0; i < request->value_count; i++) {
		const struct value *value = &request->values[i];
		const char *name = value->parameter->name;

		if (value->parameter->place == PARAMETER_QUERY && !listed(leave, name) &&
		    !listed(negotiated, name) && !is_default(request, value))
			pairs[count++] = (struct pair){name, value->canonical};
	}
	return add_negotiated(request, leave, cursor, pairs, count);
}

char *canonical_url_of(const struct request *request, const char *const *leave)
{
	struct pair pairs[REQUEST_VALUES + NEGOTIATED];
	bool cursor = request_value(request, "cursor");

	return build_address(request, pairs, collect_pairs(request, leave, cursor, pairs));
}

char *canonical_url_key(const struct request *request)
{
	static const char *const nothing[] = {NULL};
	struct pair pairs[REQUEST_VALUES + NEGOTIATED];

	return build_address(request, pairs, collect_pairs(request, nothing, true, pairs));
}

char *canonical_url_with(const struct request *request, const char *const *leave, const char *name,
			 const char *value)
{
	struct pair pairs[REQUEST_VALUES + NEGOTIATED + 1];
	size_t count = collect_pairs(request, leave, strcmp(name, "cursor") == 0, pairs);

	pairs[count++] = (struct pair){name, value};
	return build_address(request, pairs, count);
}
