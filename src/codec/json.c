#include "codec/json.h"

#include <string.h>

#include "base/banned.h"

/* Length of the string at the start of json, with both quotes. */
static size_t string_length(const char *json, size_t length)
{
	size_t at = 1, escapes;
	const char *quote;

	while (at < length && (quote = memchr(json + at, '"', length - at))) {
		at = (size_t)(quote - json);
		/* An even number of backslashes before it escape each other. */
		for (escapes = 0; json[at - 1 - escapes] == '\\';)
			escapes++;
		at++;
		if (escapes % 2 == 0)
			return at;
	}
	return length;
}

static bool blank(char byte)
{
	return (unsigned char)byte <= ' ' &&
	       (byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r');
}

void json_compact(struct buffer *buffer, const char *json, size_t length)
{
	char *const begin = buffer_reserve(buffer, length), *to = begin;
	size_t at = 0, pending = 0;

	if (!begin)
		return;
	while (at < length) {
		if (json[at] == '"') {
			at += string_length(json + at, length - at);
		} else if (!blank(json[at])) {
			at++;
		} else {
			to = mempcpy(to, json + pending, at - pending);
			while (at < length && blank(json[at]))
				at++;
			pending = at;
		}
	}
	to = mempcpy(to, json + pending, length - pending);
	buffer_reserved(buffer, (size_t)(to - begin));
}

bool json_depth_within(const char *json, size_t length, size_t most)
{
	size_t depth = 0;

	for (size_t at = 0; at < length;) {
		if (json[at] == '"') {
			at += string_length(json + at, length - at);
			continue;
		}
		if ((json[at] == '[' || json[at] == '{') && ++depth > most)
			return false;
		if ((json[at] == ']' || json[at] == '}') && depth > 0)
			depth--;
		at++;
	}
	return true;
}
