#include "api/validate/parameter_checks.h"

#include "api/application.h"
#include "api/document.h"
#include "api/query/query_catalogue.h"
#include "api/query/record_fields.h"
#include "base/cleanup.h"
#include "base/moment.h"
#include "base/buffer.h"
#include "base/number.h"
#include "http/negotiation/media_type.h"
#include "http/message/request.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

/* In a path a value that cannot exist is an address that does not exist. */
static enum error_kind refusal(const struct parameter *parameter)
{
	return parameter->place == PARAMETER_PATH ? ERROR_NOT_FOUND : ERROR_BAD_REQUEST;
}

static bool copy_to_arena(const struct request *request, const char *text, size_t length,
			  const char **canonical, struct error *err)
{
	*canonical = arena_copy(request->arena, text, length);
	return *canonical || error_out_of_memory(err);
}

bool parameter_checks_split(const struct request *request, const struct parameter *parameter,
			    const char *text, const char *parts[LIST_MAXIMUM], size_t *count,
			    struct error *err)
{
	*count = 0;
	for (;;) {
		size_t length = parameter->many ? strcspn(text, ",") : strlen(text);

		if (*count == LIST_MAXIMUM)
			return error_set(err, refusal(parameter), "At most %d values are allowed.",
					 LIST_MAXIMUM);
		if (length == 0)
			return error_set(err, refusal(parameter),
					 "A value between commas is empty.");
		if (!copy_to_arena(request, text, length, &parts[(*count)++], err))
			return false;
		if (text[length] == '\0')
			return true;
		text += length + 1;
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool parameter_checks_join(const struct request *request, const char *parts[], size_t count,
			   const char **canonical, struct error *err)
{
	CLEANUP(buffer_free) struct buffer list = {0};

	qsort(parts, count, sizeof *parts, by_text);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && strcmp(parts[i], parts[i - 1]) == 0)
			continue;
		buffer_format(&list, "%s%s", i > 0 ? "," : "", parts[i]);
	}
	if (list.failed)
		return error_out_of_memory(err);
	return copy_to_arena(request, list.bytes, list.length, canonical, err);
}

static bool refuse_choice(const struct parameter *parameter, const char *text, struct error *err)
{
	CLEANUP(buffer_free) struct buffer allowed = {0};

	for (const char *const *choice = parameter->choices; *choice; choice++)
		buffer_format(&allowed, "%s%s", choice == parameter->choices ? "" : ", ", *choice);
	if (allowed.failed)
		return error_out_of_memory(err);
	return error_set(err, refusal(parameter), "'%.60s' is not one of: %s.", text,
			 allowed.bytes);
}

bool parameter_checks_choice(const struct request *request, const struct parameter *parameter,
			     const char *text, const char **canonical, struct error *err)
{
	const char *parts[LIST_MAXIMUM];
	size_t count;

	if (!parameter_checks_split(request, parameter, text, parts, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		const char *const *choice = parameter->choices;

		while (*choice && strcmp(*choice, parts[i]) != 0)
			choice++;
		if (!*choice)
			return refuse_choice(parameter, parts[i], err);
	}
	return parameter_checks_join(request, parts, count, canonical, err);
}

bool parameter_checks_country(const struct request *request, const struct parameter *parameter,
			      const char *text, const char **canonical, struct error *err)
{
	struct application *application = request->application;
	const char *parts[LIST_MAXIMUM];
	size_t count;

	if (!parameter_checks_split(request, parameter, text, parts, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		char code[3];

		if (!country_codes_find(application->countries, parts[i], request->deadline, code,
					err)) {
			if (err->kind == ERROR_NOT_FOUND)
				err->kind = refusal(parameter);
			return false;
		}
		if (!copy_to_arena(request, code, strlen(code), &parts[i], err))
			return false;
	}
	return parameter_checks_join(request, parts, count, canonical, err);
}

static bool article_valid(const char *text)
{
	size_t length = strspn(text, DIGITS);

	if (length < 1 || length > 2 || strlen(text) > 20)
		return false;
	for (text += length; *text; text += length) {
		if (*text++ != '.')
			return false;
		length = strspn(text, DIGITS "abcdefghijklmnopqrstuvwxyz");
		if (length == 0)
			return false;
	}
	return true;
}

/* In an address 6.1.A is another spelling of 6.1.a. */
static void to_lower(char *text)
{
	for (; *text; text++)
		if (*text >= 'A' && *text <= 'Z')
			*text = (char)(*text - 'A' + 'a');
}

bool parameter_checks_article(const struct request *request, const struct parameter *parameter,
			      const char *text, const char **canonical, struct error *err)
{
	const char *parts[LIST_MAXIMUM];
	size_t count;

	if (parameter->place == PARAMETER_PATH) {
		char *lower = arena_copy(request->arena, text, strlen(text));

		if (!lower)
			return error_out_of_memory(err);
		to_lower(lower);
		text = lower;
	}
	if (!parameter_checks_split(request, parameter, text, parts, &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!article_valid(parts[i]))
			return error_set(
				err, refusal(parameter),
				"'%.60s' is not an article. The right form is a number and, after "
				"dots, its paragraph and letters: 6, 29.4, 6.1.a.i.",
				parts[i]);
	return parameter_checks_join(request, parts, count, canonical, err);
}

bool parameter_checks_text(const struct request *request, const struct parameter *parameter,
			   const char *text, const char **canonical, struct error *err)
{
	size_t characters = 0;

	(void)parameter;
	for (const char *at = text; *at; at++)
		characters += ((unsigned char)*at & 0xC0) != 0x80;
	if (characters < 2 || characters > 100)
		return error_set(err, ERROR_BAD_REQUEST, "Give 2 to 100 characters to search for.");
	return copy_to_arena(request, text, strlen(text), canonical, err);
}

bool parameter_checks_day(const struct request *request, const struct parameter *parameter,
			  const char *text, const char **canonical, struct error *err)
{
	(void)parameter;
	if (!moment_date_valid(text))
		return error_set(err, ERROR_BAD_REQUEST,
				 "'%.60s' is not a day. The right form is YYYY-MM-DD.", text);
	if (strcmp(text, request->today) > 0)
		return error_set(
			err, ERROR_BAD_REQUEST,
			"'%.60s' lies in the future. The last day that can be asked for is "
			"today in UTC, %s.",
			text, request->today);
	return copy_to_arena(request, text, strlen(text), canonical, err);
}

bool parameter_checks_limit(const struct request *request, const struct parameter *parameter,
			    const char *text, const char **canonical, struct error *err)
{
	bool bulk = request->media && request->media->bulk;
	long limit, maximum = bulk ? LIMIT_TABLE : LIMIT_MAXIMUM;

	(void)parameter;
	if (!number_read(text, 1, maximum, &limit))
		return error_set(err, ERROR_BAD_REQUEST, "'%.60s' is not a number from 1 to %ld.",
				 text, maximum);
	*canonical = arena_format(request->arena, "%ld", limit);
	return *canonical || error_out_of_memory(err);
}

bool parameter_checks_cursor(const struct request *request, const struct parameter *parameter,
			     const char *text, const char **canonical, struct error *err)
{
	(void)parameter;
	if (text[strspn(text, LETTERS DIGITS "-_")] != '\0')
		return error_set(err, ERROR_BAD_REQUEST,
				 "This is not a cursor. Take it unchanged from links.next.");
	return copy_to_arena(request, text, strlen(text), canonical, err);
}

bool parameter_checks_sort(const struct request *request, const struct parameter *parameter,
			   const char *text, const char **canonical, struct error *err)
{
	const struct document *document = request->route->detail;
	CLEANUP(buffer_free) struct buffer allowed = {0};

	(void)parameter;
	for (size_t i = 0; i < DOCUMENT_SORTS && document->sorts[i].name; i++) {
		const char *name = document->sorts[i].name;

		if (strcmp(text + (*text == '-'), name) == 0)
			return copy_to_arena(request, text, strlen(text), canonical, err);
		buffer_format(&allowed, "%s%s, -%s", i ? ", " : "", name, name);
	}
	if (allowed.failed)
		return error_out_of_memory(err);
	return error_set(err, ERROR_BAD_REQUEST, "'%.60s' is not one of: %s.", text, allowed.bytes);
}

bool parameter_checks_format(const struct request *request, const struct parameter *parameter,
			     const char *text, const char **canonical, struct error *err)
{
	const struct media_type *media;

	(void)parameter;
	return media_type_pick(request->route->media, NULL, text, &media, err) &&
	       copy_to_arena(request, text, strlen(text), canonical, err);
}

static bool refuse_field(const struct record_fields *fields, const char *name, struct error *err)
{
	CLEANUP(buffer_free) struct buffer allowed = {0};

	for (size_t i = 0; i < fields->count; i++)
		buffer_format(&allowed, "%s%s", i ? ", " : "", fields->field[i].name);
	if (allowed.failed)
		return error_out_of_memory(err);
	return error_set(err, ERROR_BAD_REQUEST, "'%.60s' is not a field; there are: %s.", name,
			 allowed.bytes);
}

bool parameter_checks_fields(const struct request *request, const struct parameter *parameter,
			     const char *text, const char **canonical, struct error *err)
{
	const struct application *application = request->application;
	const struct record_fields *fields;
	const char *parts[LIST_MAXIMUM];
	size_t count, known;

	if (request->media == &media_type_atom)
		return error_set(err, ERROR_BAD_REQUEST,
				 "An Atom entry has the members of its own standard; the other "
				 "formats take 'fields'.");
	if (!parameter_checks_split(request, parameter, text, parts, &count, err) ||
	    !query_catalogue_fields(application->queries, request->route->detail, application->db,
				    request->deadline, &fields, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		for (known = 0; known < fields->count; known++)
			if (strcmp(fields->field[known].name, parts[i]) == 0)
				break;
		if (known == fields->count)
			return refuse_field(fields, parts[i], err);
	}
	return parameter_checks_join(request, parts, count, canonical, err);
}

bool parameter_checks_moment(const struct request *request, const struct parameter *parameter,
			     const char *text, const char **canonical, struct error *err)
{
	char utc[MOMENT_LENGTH + 1];

	(void)parameter;
	if (!moment_read(text, utc))
		return error_set(err, ERROR_BAD_REQUEST,
				 "'%.60s' is neither a day (2026-11-23) nor a moment of RFC 3339 "
				 "(2026-11-23T10:00:00Z).",
				 text);
	return copy_to_arena(request, utc, MOMENT_LENGTH, canonical, err);
}

bool parameter_checks_identifier(const struct request *request, const struct parameter *parameter,
				 const char *text, const char **canonical, struct error *err)
{
	size_t length = strlen(text);

	if (length <= 100 && text[strspn(text, LETTERS DIGITS "._-")] == '\0')
		return copy_to_arena(request, text, length, canonical, err);
	if (parameter->place == PARAMETER_PATH)
		return error_set(err, ERROR_NOT_FOUND, "Nothing has this identifier.");
	return error_set(err, ERROR_BAD_REQUEST,
			 "'%.60s' is not an identifier: up to 100 letters, digits, '.', '_', '-'.",
			 text);
}

bool parameter_checks_revision(const struct request *request, const struct parameter *parameter,
			       const char *text, const char **canonical, struct error *err)
{
	long revision;

	(void)parameter;
	if (!number_read(text, 0, LONG_MAX, &revision))
		return error_set(err, ERROR_BAD_REQUEST,
				 "'%.60s' is not a revision of the dataset: a number from 0, such "
				 "as Dataset-Revision holds.",
				 text);
	*canonical = arena_format(request->arena, "%ld", revision);
	return *canonical || error_out_of_memory(err);
}

/* Digits without a leading zero, few enough for the database's type. */
static size_t counted(const char *text, size_t maximum)
{
	size_t length = *text == '0' ? 0 : strspn(text, DIGITS);

	return length <= maximum ? length : 0;
}

bool parameter_checks_change(const struct request *request, const struct parameter *parameter,
			     const char *text, const char **canonical, struct error *err)
{
	size_t revision = counted(text, 18), ordinal;

	(void)parameter;
	ordinal = revision && text[revision] == '-' ? counted(text + revision + 1, 9) : 0;
	if (ordinal == 0 || text[revision + 1 + ordinal] != '\0')
		return error_set(err, ERROR_NOT_FOUND, "Nothing has this identifier.");
	return copy_to_arena(request, text, strlen(text), canonical, err);
}
