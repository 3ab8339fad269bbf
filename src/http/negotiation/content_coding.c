#include "http/negotiation/content_coding.h"

#include "http/negotiation/quality_value.h"

#include <string.h>
#include <strings.h>

#include "base/banned.h"

static const struct {
	const char *name, *other_name, *suffix;
} encodings[CODINGS] = {
	[CODING_IDENTITY] = {"identity", NULL, ""},
	[CODING_GZIP] = {"gzip", "x-gzip", "-gzip"},
	[CODING_BROTLI] = {"br", NULL, "-br"},
};

const char *content_coding_name(enum content_coding coding)
{
	return coding == CODING_IDENTITY ? NULL : encodings[coding].name;
}

const char *content_coding_suffix(enum content_coding coding)
{
	return encodings[coding].suffix;
}

static bool is_named(const struct quality_value *element, const char *name)
{
	return name && element->length == strlen(name) &&
	       strncasecmp(element->text, name, element->length) == 0;
}

/* Returns 0 to 1000; -1 when the field does not name the coding. */
static int quality_of(const char *field, enum content_coding coding)
{
	int quality = -1, any = -1;
	struct quality_value element;

	while (quality_value_next(&field, &element)) {
		if (element.length == 1 && *element.text == '*')
			any = element.quality;
		else if (is_named(&element, encodings[coding].name) ||
			 is_named(&element, encodings[coding].other_name))
			quality = element.quality > quality ? element.quality : quality;
	}
	return quality >= 0 ? quality : any;
}

bool content_coding_pick(const char *accept_encoding, const bool available[CODINGS],
			 enum content_coding *picked)
{
	bool any = false;
	int best = 0;

	*picked = CODING_IDENTITY;
	if (!accept_encoding)
		return true;
	for (int i = 0; i < CODINGS; i++) {
		int quality = quality_of(accept_encoding, (enum content_coding)i);

		/* Unless it is refused, identity is acceptable with the least preference. */
		if (quality < 0)
			quality = i == CODING_IDENTITY ? 0 : -1;
		else if (quality == 0)
			quality = -1;
		any = any || quality >= 0;
		if (available[i] && quality >= best && quality >= 0) {
			best = quality;
			*picked = (enum content_coding)i;
		}
	}
	return any;
}
