#include "api/query/named_parameters.h"

#include "api/query/parameter_values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyz_"

/* Gives a parameter its number: that of its name when it was seen before. */
static size_t parameter_number(struct derived_query *derived, const char *name, size_t length)
{
	size_t count = derived->query.parameters;
	char *copy;

	for (size_t i = 0; i < count; i++)
		if (strlen(derived->parameters[i]) == length &&
		    memcmp(derived->parameters[i], name, length) == 0)
			return i + 1;
	copy = count < QUERY_PARAMETERS ? strndup(name, length) : NULL;
	if (!copy)
		return 0;
	derived->parameters[count] = copy;
	derived->sources[count] = (unsigned char)parameter_values_source(copy);
	return ++derived->query.parameters;
}

static bool begins(const char *text, const char *start)
{
	while (*start && *text == *start) {
		text++;
		start++;
	}
	return *start == '\0';
}

/* Gives a parameter of an embedded file its number. The filters of a request are not meant for it:
 * they get a name that nothing has a value for. */
static size_t embedded_number(struct derived_query *derived, const char *name, size_t length)
{
	static const char *const shared[] = {"day", "lang", "base", "country_sections",
					     "treaty_sections"};
	char renamed[64];

	for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
		if (strlen(shared[i]) == length && memcmp(shared[i], name, length) == 0)
			return parameter_number(derived, name, length);
	if (length > sizeof renamed - sizeof "no_")
		return 0;
	snprintf(renamed, sizeof renamed, "no_%.*s", (int)length, name);
	return parameter_number(derived, renamed, strlen(renamed));
}

bool named_parameters_number(const char *sql, struct derived_query *derived,
			     struct buffer *numbered)
{
	bool embedded = false;

	while (*sql) {
		size_t plain = strcspn(sql, "'$-"), length = 0;

		buffer_add(numbered, sql, plain);
		sql += plain;
		if (*sql == '\'') {
			length = strcspn(sql + 1, "'") + 1;
			length += sql[length] == '\'';
			buffer_add(numbered, sql, length);
		} else if (strncmp(sql, "--", 2) == 0) {
			embedded = begins(sql, NUMBERING_EMBEDDED) ||
				   (embedded && !begins(sql, NUMBERING_AROUND));
			length = strcspn(sql, "\n");
		} else if (*sql == '$' && (length = strspn(sql + 1, NAME_CHARACTERS)) > 0) {
			size_t number = embedded ? embedded_number(derived, sql + 1, length)
						 : parameter_number(derived, sql + 1, length);

			length++;
			if (number == 0)
				return false;
			buffer_format(numbered, "$%zu", number);
		} else if (*sql) {
			buffer_add(numbered, sql, length = 1);
		}
		sql += length;
	}
	return !numbered->failed;
}
