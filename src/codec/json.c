#include "codec/json.h"

#include <string.h>

#include "base/banned.h"

/* Length of the string at the start of json, with both quotes. */
static size_t string_length(const char *json, size_t length)
{
	size_t at = 1;

	while (at < length && json[at] != '"')
		at += json[at] == '\\' ? 2 : 1;
	return at < length ? at + 1 : length;
}

static bool blank(char byte)
{
	return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

void json_compact(struct buffer *buffer, const char *json, size_t length)
{
	size_t at = 0, kept = 0;

	while (at < length) {
		if (json[at] == '"') {
			at += string_length(json + at, length - at);
		} else if (!blank(json[at])) {
			at++;
		} else {
			buffer_add(buffer, json + kept, at - kept);
			while (at < length && blank(json[at]))
				at++;
			kept = at;
		}
	}
	buffer_add(buffer, json + kept, length - kept);
}
