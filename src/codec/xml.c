#include "codec/xml.h"

#include <string.h>

#include "base/banned.h"

#define REPLACEMENT "\xEF\xBF\xBD"

/* The replacement of the first character of text; NULL if it needs none. */
static const char *reference(const char *text)
{
	switch (*text) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	/* As themselves, a reader would turn these into spaces. (Section 3.3.3) */
	case '\t':
		return "&#9;";
	case '\n':
		return "&#10;";
	case '\r':
		return "&#13;";
	default:
		break;
	}
	if ((unsigned char)*text < ' ' || strncmp(text, "\xEF\xBF\xBE", 3) == 0 ||
	    strncmp(text, "\xEF\xBF\xBF", 3) == 0)
		return REPLACEMENT;
	return NULL;
}

void xml_text(struct buffer *buffer, const char *text)
{
	while (text && *text) {
		const char *end = text;

		while (*end && !reference(end))
			end++;
		buffer_add(buffer, text, (size_t)(end - text));
		text = end;
		if (!*text)
			return;
		buffer_text(buffer, reference(text));
		text += *text == '\xEF' ? 3 : 1;
	}
}
