#include "http/message/request_target.h"

#include <string.h>
#include <strings.h>

#include "base/banned.h"

#define UNRESERVED "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
#define IN_PATH UNRESERVED "!$&'()*+,;=:@/"
#define IN_ADDRESS UNRESERVED "!$&'()*+,;=:@/?[]"

const char *request_target_relative(const char *text)
{
	size_t scheme = strncasecmp(text, "http://", 7) == 0	? 7
			: strncasecmp(text, "https://", 8) == 0 ? 8
								: 0;

	return scheme ? text + scheme + strcspn(text + scheme, "/?#") : text;
}

bool request_target_read(const char *text, struct arena *arena, struct request_target *target,
			 struct error *err)
{
	const char *rest = request_target_relative(text);
	size_t length = strcspn(rest, "?");
	const char *slash = rest != text && *rest != '/' ? "/" : "";
	const char *path = arena_format(arena, "%s%.*s", slash, (int)length, rest);
	const char *query = rest[length] ? rest + length + 1 : "";

	query = arena_copy(arena, query, strlen(query));
	if (!path || !query)
		return error_out_of_memory(err);
	target->path = path;
	target->query = query;
	target->form = *path == '/'		? TARGET_PATH
		       : strcmp(text, "*") == 0 ? TARGET_ASTERISK
						: TARGET_OTHER;
	return true;
}

static int hex_digit(char digit)
{
	const char *digits = "0123456789abcdef0123456789ABCDEF";
	const char *found = digit ? strchr(digits, digit) : NULL;

	return found ? (int)((found - digits) % 16) : -1;
}

int request_target_byte(const char *text)
{
	int high = hex_digit(text[1]), low = high < 0 ? -1 : hex_digit(text[2]);

	return low < 0 ? -1 : high * 16 + low;
}

static bool is_segment(const char *path, size_t length)
{
	if (length == 0 || (length == 1 && *path == '.'))
		return false;
	return length != 2 || strncmp(path, "..", 2) != 0;
}

/* One slash before each segment; an empty last one is a trailing slash. */
static bool segments_fit(const char *path)
{
	while (*path) {
		size_t length;

		if (*path++ != '/')
			return false;
		length = strcspn(path, "/");
		if (!is_segment(path, length) && *path)
			return false;
		path += length;
	}
	return true;
}

bool request_target_normalise(char *path)
{
	const char *from = path;
	char *to = path;

	while (*from) {
		char byte = *from++;

		if (byte == '%') {
			int decoded = request_target_byte(from - 1);

			if (decoded <= 0 || !strchr(UNRESERVED, decoded))
				return false;
			byte = (char)decoded;
			from += 2;
		} else if (!strchr(IN_PATH, byte)) {
			return false;
		}
		*to++ = byte;
	}
	*to = '\0';
	return segments_fit(path);
}

void request_target_encode(struct buffer *buffer, const char *text)
{
	while (*text) {
		size_t plain = strspn(text, IN_ADDRESS);

		buffer_add(buffer, text, plain);
		text += plain;
		if (*text == '%' && request_target_byte(text) >= 0) {
			buffer_add(buffer, text, 3);
			text += 3;
		} else if (*text) {
			buffer_format(buffer, "%%%02X", (unsigned)(unsigned char)*text++);
		}
	}
}
