#include "base/utf8.h"

#include <string.h>

#include "base/banned.h"

size_t utf8_length(const char *text, size_t length)
{
	const unsigned char *bytes = (const unsigned char *)text;
	unsigned char first = length ? bytes[0] : 0xFF, low = 0x80, high = 0xBF;
	size_t size = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;

	if (first > 0xF4 || size == 0 || size > length)
		return 0;
	if (first == 0xE0)
		low = 0xA0;
	if (first == 0xED)
		high = 0x9F;
	if (first == 0xF0)
		low = 0x90;
	if (first == 0xF4)
		high = 0x8F;
	for (size_t i = 1; i < size; i++) {
		if (bytes[i] < low || bytes[i] > high)
			return 0;
		low = 0x80;
		high = 0xBF;
	}
	return size;
}

bool utf8_valid(const char *bytes, size_t length)
{
	const char *at = bytes, *end = bytes + length;

	while (at < end) {
		size_t size = utf8_length(at, (size_t)(end - at));

		if (size == 0)
			return false;
		at += size;
	}
	return true;
}

void utf8_clean(char *text)
{
	while (*text) {
		size_t size = utf8_length(text, strnlen(text, 4));

		if (size == 0)
			*text = '?';
		text += size ? size : 1;
	}
}

void utf8_trim(char *text)
{
	size_t length = strlen(text);

	for (size_t back = 1; back <= 3 && back <= length; back++) {
		unsigned char byte = (unsigned char)text[length - back];

		if (byte < 0x80)
			return;
		if (byte >= 0xC0) {
			if (utf8_length(text + length - back, back) != back)
				text[length - back] = '\0';
			return;
		}
	}
}
