#include "codec/base64url.h"

#include <string.h>

#include "base/banned.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void base64url_encode(const void *bytes, size_t length, char *text)
{
	const unsigned char *from = bytes;
	unsigned bits = 0, held = 0;

	for (size_t i = 0; i < length; i++) {
		bits = (bits << 8 | from[i]) & 0xFFFF;
		for (held += 8; held >= 6; held -= 6)
			*text++ = alphabet[bits >> (held - 6) & 63];
	}
	if (held)
		*text++ = alphabet[bits << (6 - held) & 63];
	*text = '\0';
}

bool base64url_decode(const char *text, void *bytes, size_t capacity, size_t *length)
{
	unsigned char *to = bytes;
	unsigned bits = 0, held = 0;
	size_t written = 0;

	for (; *text; text++) {
		const char *found = strchr(alphabet, *text);

		if (!found)
			return false;
		bits = (bits << 6 | (unsigned)(found - alphabet)) & 0xFFFF;
		held += 6;
		if (held < 8)
			continue;
		if (written + 1 >= capacity)
			return false;
		held -= 8;
		to[written++] = (unsigned char)(bits >> held);
	}
	/* The remaining bits must be the zero bits that the encoder adds. */
	if (held >= 6 || (bits & ((1U << held) - 1)) || written >= capacity)
		return false;
	to[written] = '\0';
	*length = written;
	return true;
}
