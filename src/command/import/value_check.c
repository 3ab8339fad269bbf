#include "command/import/value_check.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/moment.h"
#include "base/utf8.h"
#include "command/import/personal_data.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

enum { LONGEST_CODE = 100 };

static bool set_reason(char reason[REASON_BYTES], const char *format, ...) PRINTF_LIKE(2, 3);

static bool set_reason(char reason[REASON_BYTES], const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(reason, REASON_BYTES, format, args);
	va_end(args);
	utf8_trim(reason);
	return false;
}

/* A white-space character of Unicode or a control character. */
/* clang-format off */
#define BLANK \
	"([\x01- \x7F]|\xC2\x85|\xC2\xA0|\xE1\x9A\x80" \
	"|\xE2\x80[\x80-\x8A\xA8\xA9\xAF]|\xE2\x81\x9F|\xE3\x80\x80)"
/* clang-format on */

static struct pattern control = {.expression = "[\x01-\x08\x0B-\x1F\x7F]"};
static struct pattern blank_edge = {.expression = "^" BLANK "|[\x01- \x7F]$"};
static struct pattern unencoded = {.expression = BLANK "|[\"<>\\]"};
static struct pattern date_form = {.expression = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"};

/* Also true when memory runs out: the value is then refused. */
static bool contains(struct pattern *pattern, const char *text)
{
	return pattern_find(pattern, text, 0, NULL) != REG_NOMATCH;
}

static bool text_fits(const char *text, char reason[REASON_BYTES])
{
	const char *contact = personal_data_in_text(text);

	if (contains(&control, text))
		return set_reason(reason, "has a control character");
	if (contains(&blank_edge, text))
		return set_reason(reason, "begins or ends with a blank");
	if (contact)
		return set_reason(reason, "seems to contain %s, which is never published", contact);
	return true;
}

static bool url_fits(const char *url, char reason[REASON_BYTES])
{
	const char *host = strncmp(url, "https://", 8) == 0  ? url + 8
			   : strncmp(url, "http://", 7) == 0 ? url + 7
							     : NULL;
	const char *contact = personal_data_in_url(url);
	size_t authority;

	if (!host)
		return set_reason(reason, "does not begin with http:// or https://");
	authority = strcspn(host, "/?#");
	if (authority == 0)
		return set_reason(reason, "names no host");
	if (memchr(host, '@', authority))
		return set_reason(reason, "names a user before its host");
	if (contains(&unencoded, host))
		return set_reason(reason, "has a blank or another character that must be encoded");
	if (contact)
		return set_reason(reason, "seems to contain %s, which is never published", contact);
	return true;
}

static bool date_fits(const char *text, char reason[REASON_BYTES])
{
	if (moment_date_valid(text))
		return true;
	if (pattern_find(&date_form, text, 0, NULL) == 0)
		return set_reason(reason, "'%s' is not a day of the calendar", text);
	return set_reason(reason, "'%.60s' is not a date of the form YYYY-MM-DD", text);
}

static bool word_fits(const struct dataset_field *field, const char *text,
		      char reason[REASON_BYTES])
{
	CLEANUP(buffer_free) struct buffer allowed = {.maximum = REASON_BYTES};

	for (size_t i = 0; field->words[i]; i++) {
		if (strcmp(field->words[i], text) == 0)
			return true;
		buffer_format(&allowed, "%s%s", i ? ", " : "", field->words[i]);
	}
	return set_reason(reason, "'%.60s' is not one of %s", text,
			  allowed.bytes ? allowed.bytes : "");
}

bool value_check(const struct dataset_field *field, const char *text, char reason[REASON_BYTES])
{
	switch (field->type) {
	case FIELD_TEXT:
		return text_fits(text, reason);
	case FIELD_URL:
		return url_fits(text, reason);
	case FIELD_DATE:
		return date_fits(text, reason);
	case FIELD_WORD:
		return word_fits(field, text, reason);
	case FIELD_BOOLEAN:
		return strcmp(text, "true") == 0 || strcmp(text, "false") == 0 ||
		       set_reason(reason, "'%.60s' is neither true nor false", text);
	case FIELD_CODE:
		return (strlen(text) <= LONGEST_CODE &&
			pattern_find(&field->format->pattern, text, 0, NULL) == 0) ||
		       set_reason(reason, "'%.60s' %s", text, field->format->reason);
	case FIELD_NUMBER:
	case FIELD_GROUP:
	case FIELD_PARTS:
		break;
	}
	return set_reason(reason, "is not a text");
}
