#include "http/negotiation/quality_value.h"

#include <string.h>
#include <strings.h>

#include "base/banned.h"

#define BLANKS " \t"

/* Length of text up to one of `ends` that is not inside a quoted string. */
static size_t part_length(const char *text, const char *ends)
{
	bool quoted = false;
	size_t i = 0;

	for (; text[i]; i++) {
		if (text[i] == '"')
			quoted = !quoted;
		else if (quoted && text[i] == '\\' && text[i + 1])
			i++;
		else if (!quoted && strchr(ends, text[i]))
			break;
	}
	return i;
}

static void trim(const char **text, size_t *length)
{
	size_t blanks = strspn(*text, BLANKS);

	if (blanks > *length)
		blanks = *length;
	*text += blanks;
	*length -= blanks;
	while (*length > 0 && strchr(BLANKS, (*text)[*length - 1]))
		(*length)--;
}

/* Reads "0.5" as 500; -1 for anything else. A leading zero may be missing, as in the
 * ".2" that some clients send. */
static int read_weight(const char *text, size_t length)
{
	int weight = 0, scale = 1000;
	size_t i = 0;

	if (length > 5 || length == 0)
		return -1;
	if (text[0] == '0' || text[0] == '1')
		weight = (text[i++] - '0') * scale;
	else if (text[0] != '.' || length == 1)
		return -1;
	if (i < length && text[i++] != '.')
		return -1;
	for (; i < length && scale > 1; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		scale /= 10;
		weight += (text[i] - '0') * scale;
	}
	return i < length || weight > 1000 ? -1 : weight;
}

/* Returns the weight among the parameters of an element; ignores the others. */
static int element_quality(const char *text, const char *end)
{
	int quality = 1000;

	while (text < end) {
		const char *part = ++text;
		size_t length = part_length(part, ";,");

		text += length;
		trim(&part, &length);
		if (length >= 2 && strncasecmp(part, "q=", 2) == 0)
			quality = read_weight(part + 2, length - 2);
	}
	return quality;
}

bool quality_value_next(const char **list, struct quality_value *preference)
{
	while (**list) {
		const char *text = *list, *end = text + part_length(text, ",");
		size_t length = part_length(text, ";,");

		*list = *end ? end + 1 : end;
		preference->quality = element_quality(text + length, end);
		trim(&text, &length);
		preference->text = text;
		preference->length = length;
		if (length > 0 && preference->quality >= 0)
			return true;
	}
	return false;
}
