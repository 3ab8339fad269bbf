#include "http/message/query_string.h"

#include "base/utf8.h"
#include "http/message/request_target.h"

#include <string.h>

#include "base/banned.h"

/* Decodes `length` bytes at text into a copy. On a fault, *decoded is NULL and *fault a sentence
 * about it. */
static bool decode(const char *text, size_t length, struct arena *arena, const char **decoded,
		   struct bilingual *fault, struct error *err)
{
	char *to = arena_take(arena, length + 1);
	const char *start = to;

	*decoded = NULL;
	if (!to)
		return error_out_of_memory(err);
	for (size_t i = 0; i < length; i++) {
		char byte = text[i] == '+' ? ' ' : text[i];

		if (byte == '%') {
			/* The separators behind `length` are no digits. */
			int value = request_target_byte(text + i);

			if (value < 0) {
				*fault = BILINGUAL(
					"A percent sign must be followed by two hexadecimal "
					"digits.",
					"Un signe pour cent doit être suivi de deux chiffres "
					"hexadécimaux.");
				return true;
			}
			byte = (char)value;
			i += 2;
		} else if ((unsigned char)text[i] <= ' ' || text[i] == '#' || text[i] == 0x7f) {
			*fault = BILINGUAL(
				"A character that a URI may not contain must be percent-encoded.",
				"Un caractère interdit dans une URI doit être codé par un signe "
				"pour cent.");
			return true;
		}
		if (byte == '\0') {
			*fault = BILINGUAL("The character NUL is not allowed.",
					   "Le caractère NUL est interdit.");
			return true;
		}
		*to++ = byte;
	}
	*to = '\0';
	if (!utf8_valid(start, (size_t)(to - start)))
		*fault = BILINGUAL("The bytes are not valid UTF-8.",
				   "Les octets ne sont pas de l’UTF-8 valide.");
	else
		*decoded = start;
	return true;
}

static bool read_pair(const char *text, size_t length, struct arena *arena, struct query_pair *pair,
		      struct error *err)
{
	const char *equals = memchr(text, '=', length);
	size_t name_length = equals ? (size_t)(equals - text) : length;
	const char *value = equals ? equals + 1 : text + length;

	*pair = (struct query_pair){0};
	if (!decode(text, name_length, arena, &pair->name, &pair->fault, err))
		return false;
	if (!pair->name) {
		pair->name = arena_copy(arena, text, name_length);
		return pair->name || error_out_of_memory(err);
	}
	if (!*pair->name) {
		pair->fault = BILINGUAL("A parameter has no name.", "Un paramètre n’a pas de nom.");
		return true;
	}
	return decode(value, (size_t)(text + length - value), arena, &pair->value, &pair->fault,
		      err);
}

bool query_string_read(const char *query, struct arena *arena, struct query_pair *pairs,
		       size_t maximum, size_t *count, struct error *err)
{
	*count = 0;
	/* "a=1&" ends with an empty pair. */
	for (bool more = *query; more; query++) {
		size_t length = strcspn(query, "&");

		if ((*count)++ == maximum)
			return true;
		if (!read_pair(query, length, arena, &pairs[*count - 1], err))
			return false;
		query += length;
		more = *query;
	}
	return true;
}

const char *query_string_language(const char *query)
{
	static const char name[] = "lang=";
	static const char *const choices[] = {"en", "fr"};

	for (; *query; query += *query == '&') {
		const char *value = query + strlen(name);
		const size_t length = strcspn(query, "&");

		for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
			if (length == strlen(name) + 2 && strncmp(query, name, strlen(name)) == 0 &&
			    strncmp(value, choices[i], 2) == 0)
				return choices[i];
		query += length;
	}
	return NULL;
}
