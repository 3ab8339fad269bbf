#include "http/negotiation/content_coding.h"

#include "http/negotiation/quality_value.h"

#include <string.h>
#include <strings.h>

#include "base/banned.h"

static const struct {
	const char *name, *other_name, *suffix;
} encodings[ENCODINGS] = {
	[ENCODING_PLAIN] = {"identity", NULL, ""},
	[ENCODING_GZIP] = {"gzip", "x-gzip", "-gzip"},
	[ENCODING_BROTLI] = {"br", NULL, "-br"},
};

const char *encoding_name(enum encoding encoding)
{
	return encoding == ENCODING_PLAIN ? NULL : encodings[encoding].name;
}

const char *encoding_suffix(enum encoding encoding)
{
	return encodings[encoding].suffix;
}

static bool is_named(const struct preference *element, const char *name)
{
	return name && element->length == strlen(name) &&
	       strncasecmp(element->text, name, element->length) == 0;
}

/* 0 to 1000; -1 when the field does not say. */
static int quality_of(const char *field, enum encoding encoding)
{
	int quality = -1, any = -1;
	struct preference element;

	while (preference_next(&field, &element)) {
		if (element.length == 1 && *element.text == '*')
			any = element.quality;
		else if (is_named(&element, encodings[encoding].name) ||
			 is_named(&element, encodings[encoding].other_name))
			quality = element.quality > quality ? element.quality : quality;
	}
	return quality >= 0 ? quality : any;
}

bool encoding_pick(const char *accept_encoding, const bool available[ENCODINGS],
		   enum encoding *picked)
{
	bool any = false;
	int best = 0;

	*picked = ENCODING_PLAIN;
	if (!accept_encoding)
		return true;
	for (int i = 0; i < ENCODINGS; i++) {
		int quality = quality_of(accept_encoding, (enum encoding)i);

		/* Unless it is refused, plain is always welcome, but least. */
		if (quality < 0)
			quality = i == ENCODING_PLAIN ? 0 : -1;
		else if (quality == 0)
			quality = -1;
		any = any || quality >= 0;
		if (available[i] && quality >= best && quality >= 0) {
			best = quality;
			*picked = (enum encoding)i;
		}
	}
	return any;
}
