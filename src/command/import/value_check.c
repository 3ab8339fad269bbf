#include "command/import/value_check.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/moment.h"
#include "command/import/personal_data.h"

#include <string.h>

#include "base/banned.h"

enum { LONGEST_CODE = 100 };

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

static bool text_fits(const char *text, struct error *err)
{
	const char *contact = personal_data_in_text(text);

	if (contains(&control, text))
		return error_set(err, ERROR_BAD_REQUEST, "has a control character");
	if (contains(&blank_edge, text))
		return error_set(err, ERROR_BAD_REQUEST, "begins or ends with a blank");
	if (contact)
		return error_set(err, ERROR_BAD_REQUEST,
				 "seems to contain %s, which is never published", contact);
	return true;
}

static bool url_fits(const char *url, struct error *err)
{
	const char *host = strncmp(url, "https://", 8) == 0  ? url + 8
			   : strncmp(url, "http://", 7) == 0 ? url + 7
							     : NULL;
	const char *contact = personal_data_in_url(url);
	size_t authority;

	if (!host)
		return error_set(err, ERROR_BAD_REQUEST, "does not begin with http:// or https://");
	authority = strcspn(host, "/?#");
	if (authority == 0)
		return error_set(err, ERROR_BAD_REQUEST, "names no host");
	if (memchr(host, '@', authority))
		return error_set(err, ERROR_BAD_REQUEST, "names a user before its host");
	if (contains(&unencoded, host))
		return error_set(err, ERROR_BAD_REQUEST,
				 "has a blank or another character that must be encoded");
	if (contact)
		return error_set(err, ERROR_BAD_REQUEST,
				 "seems to contain %s, which is never published", contact);
	return true;
}

static bool date_fits(const char *text, struct error *err)
{
	if (moment_date_valid(text))
		return true;
	if (pattern_find(&date_form, text, 0, NULL) == 0)
		return error_set(err, ERROR_BAD_REQUEST, "'%s' is not a day of the calendar", text);
	return error_set(err, ERROR_BAD_REQUEST, "'%.60s' is not a date of the form YYYY-MM-DD",
			 text);
}

static bool word_fits(const struct dataset_field *field, const char *text, struct error *err)
{
	CLEANUP(buffer_free) struct buffer allowed = {.maximum = sizeof err->message};

	for (size_t i = 0; field->words[i]; i++) {
		if (strcmp(field->words[i], text) == 0)
			return true;
		buffer_format(&allowed, "%s%s", i ? ", " : "", field->words[i]);
	}
	return error_set(err, ERROR_BAD_REQUEST, "'%.60s' is not one of %s", text,
			 allowed.bytes ? allowed.bytes : "");
}

bool value_check(const struct dataset_field *field, const char *text, struct error *err)
{
	switch (field->type) {
	case FIELD_TEXT:
		return text_fits(text, err);
	case FIELD_URL:
		return url_fits(text, err);
	case FIELD_DATE:
		return date_fits(text, err);
	case FIELD_WORD:
		return word_fits(field, text, err);
	case FIELD_BOOLEAN:
		return strcmp(text, "true") == 0 || strcmp(text, "false") == 0 ||
		       error_set(err, ERROR_BAD_REQUEST, "'%.60s' is neither true nor false", text);
	case FIELD_CODE:
		return (strlen(text) <= LONGEST_CODE &&
			pattern_find(&field->format->pattern, text, 0, NULL) == 0) ||
		       error_set(err, ERROR_BAD_REQUEST, "'%.60s' %s", text, field->format->reason);
	case FIELD_NUMBER:
	case FIELD_GROUP:
	case FIELD_PARTS:
		break;
	}
	return error_set(err, ERROR_BAD_REQUEST, "is not a text");
}
