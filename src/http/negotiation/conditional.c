#include "http/negotiation/conditional.h"

#include "http/message/http_date.h"

#include <string.h>

#include "base/banned.h"

/* True when the list contains the tag. The weak comparison ignores W/. A tag may contain commas,
 * but no quotes. */
static bool listed(const char *list, const char *tag)
{
	size_t length = strlen(tag);

	for (;;) {
		const char *end;

		list += strspn(list, ", \t");
		if (strncmp(list, "W/", 2) == 0)
			list += 2;
		if (*list != '"')
			return false;
		end = strchr(list + 1, '"');
		if (!end)
			return false;
		if ((size_t)(end + 1 - list) == length && strncmp(list, tag, length) == 0)
			return true;
		list = end + 1;
	}
}

static bool is_any(const char *value)
{
	value += strspn(value, " \t");
	return *value == '*' && value[1 + strspn(value + 1, " \t")] == '\0';
}

bool conditional_unmodified(const char *if_none_match, const char *if_modified_since,
			    const char *tag, time_t modified)
{
	time_t since;

	if (if_none_match)
		return is_any(if_none_match) || listed(if_none_match, tag);
	return if_modified_since && modified && http_date_read(if_modified_since, &since) &&
	       modified <= since;
}
