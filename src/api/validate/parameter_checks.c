#include "api/validate/parameter_checks.h"

#include "api/application.h"
#include "api/validate/country_codes.h"
#include "api/document.h"
#include "api/query/query_catalogue.h"
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

/* An impossible value in a path makes an address that does not exist. */
static enum error_kind refusal(const struct parameter *parameter)
{
	return parameter->place == PARAMETER_PATH ? ERROR_NOT_FOUND : ERROR_BAD_REQUEST;
}

static bool copy_to_arena(const struct request *request, const char *text, size_t length,
			  const char **copy, struct error *err)
{
	*copy = arena_copy(request->arena, text, length);
	return *copy || error_out_of_memory(err);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Checks the values of a list, which are separated by commas when the parameter takes many. The
 * canonical list is sorted and without duplicates. */
static bool check_list(const struct request *request, struct value *value,
		       route_parameter_check *check, struct error *err)
{
	CLEANUP(buffer_free) struct buffer list = {0};
	const char *values[LIST_MAXIMUM], *text = value->canonical;
	size_t count = 0;

	for (bool more = true; more; count++) {
		size_t length = value->parameter->many ? strcspn(text, ",") : strlen(text);
		struct value item = *value;

		if (count == LIST_MAXIMUM)
			return error_tell(err, refusal(value->parameter),
					  "At most %d values are allowed.",
					  "%d valeurs sont permises au plus.", LIST_MAXIMUM);
		if (length == 0)
			return error_tell(err, refusal(value->parameter),
					  "A value between commas is empty.",
					  "Une valeur entre virgules est vide.");
		if (!copy_to_arena(request, text, length, &item.text, err))
			return false;
		item.canonical = item.text;
		if (!check(request, &item, err))
			return false;
		values[count] = item.canonical;
		more = text[length] != '\0';
		text += length + more;
	}
	qsort(values, count, sizeof *values, by_text);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || strcmp(values[i], values[i - 1]) != 0)
			buffer_format(&list, "%s%s", i > 0 ? "," : "", values[i]);
	if (list.failed)
		return error_out_of_memory(err);
	return copy_to_arena(request, list.bytes, list.length, &value->canonical, err);
}

/* Fails with the names that are allowed, each of which follows ", " in the buffer. */
static bool refuse_name(const struct value *value, const struct buffer *allowed, struct error *err)
{
	if (allowed->failed)
		return error_out_of_memory(err);
	return error_tell(err, refusal(value->parameter), "'%.60s' is not one of: %s.",
			  "« %.60s » n’est aucune de ces valeurs : %s.", value->text,
			  allowed->bytes + strlen(", "));
}

static bool set_number(const struct request *request, long number, struct value *value,
		       struct error *err)
{
	value->canonical = arena_format(request->arena, "%ld", number);
	return value->canonical || error_out_of_memory(err);
}

static bool check_choice(const struct request *request, struct value *value, struct error *err)
{
	CLEANUP(buffer_free) struct buffer allowed = {0};

	(void)request;
	for (const char *const *choice = value->parameter->choices; *choice; choice++) {
		if (strcmp(*choice, value->text) == 0)
			return true;
		buffer_format(&allowed, ", %s", *choice);
	}
	return refuse_name(value, &allowed, err);
}

bool parameter_checks_choice(const struct request *request, struct value *value, struct error *err)
{
	return check_list(request, value, check_choice, err);
}

static bool check_country(const struct request *request, struct value *value, struct error *err)
{
	const struct application *application = request->application;
	char code[3];

	if (country_codes_find(application->countries, value->text, request->deadline, code, err))
		return copy_to_arena(request, code, strlen(code), &value->canonical, err);
	if (err->kind == ERROR_NOT_FOUND)
		err->kind = refusal(value->parameter);
	return false;
}

bool parameter_checks_country(const struct request *request, struct value *value, struct error *err)
{
	return check_list(request, value, check_country, err);
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

/* In a path 6.1.A is another spelling of 6.1.a. */
static void to_lower(char *text)
{
	for (; *text; text++)
		if (*text >= 'A' && *text <= 'Z')
			*text = (char)(*text - 'A' + 'a');
}

static bool check_article(const struct request *request, struct value *value, struct error *err)
{
	(void)request;
	return article_valid(value->text) ||
	       error_tell(err, refusal(value->parameter),
			  "'%.60s' is not an article. An article is a number, followed by a "
			  "paragraph and letters after dots: 6, 29.4, 6.1.a.i.",
			  "« %.60s » n’est pas un article. Un article est un nombre, suivi d’un "
			  "paragraphe et de lettres après des points : 6, 29.4, 6.1.a.i.",
			  value->text);
}

bool parameter_checks_article(const struct request *request, struct value *value, struct error *err)
{
	if (value->parameter->place == PARAMETER_PATH) {
		char *lower = arena_copy(request->arena, value->text, strlen(value->text));

		if (!lower)
			return error_out_of_memory(err);
		to_lower(lower);
		value->canonical = lower;
	}
	return check_list(request, value, check_article, err);
}

bool parameter_checks_text(const struct request *request, struct value *value, struct error *err)
{
	size_t characters = 0;

	(void)request;
	for (const char *at = value->text; *at; at++)
		characters += ((unsigned char)*at & 0xC0) != 0x80;
	return (characters >= 2 && characters <= 100) ||
	       error_tell(err, ERROR_BAD_REQUEST,
			  "The text to search for must have 2 to 100 characters.",
			  "Le texte à chercher doit avoir de 2 à 100 caractères.");
}

bool parameter_checks_day(const struct request *request, struct value *value, struct error *err)
{
	if (!moment_date_valid(value->text))
		return error_tell(
			err, ERROR_BAD_REQUEST, "'%.60s' is not a day in the form YYYY-MM-DD.",
			"« %.60s » n’est pas un jour de la forme AAAA-MM-JJ.", value->text);
	return strcmp(value->text, request->latest_day) <= 0 ||
	       error_tell(err, ERROR_BAD_REQUEST,
			  "'%.60s' is in the future. The last day that is allowed is today in the "
			  "easternmost time zone (UTC+14), %s.",
			  "« %.60s » est dans l’avenir. Le dernier jour permis est aujourd’hui "
			  "dans le "
			  "fuseau horaire le plus à l’est (UTC+14), %s.",
			  value->text, request->latest_day);
}

bool parameter_checks_limit(const struct request *request, struct value *value, struct error *err)
{
	bool bulk = request->media && request->media->bulk;
	long limit, maximum = bulk ? LIMIT_TABLE : LIMIT_MAXIMUM;

	if (!number_read(value->text, 1, maximum, &limit))
		return error_tell(err, ERROR_BAD_REQUEST, "'%.60s' is not a number from 1 to %ld.",
				  "« %.60s » n’est pas un nombre de 1 à %ld.", value->text,
				  maximum);
	return set_number(request, limit, value, err);
}

bool parameter_checks_cursor(const struct request *request, struct value *value, struct error *err)
{
	(void)request;
	return value->text[strspn(value->text, LETTERS DIGITS "-_")] == '\0' ||
	       error_tell(
		       err, ERROR_BAD_REQUEST,
		       "This is not a cursor. Use the value from links.next unchanged.",
		       "Ce n’est pas un curseur. Reprenez telle quelle la valeur de links.next.");
}

bool parameter_checks_sort(const struct request *request, struct value *value, struct error *err)
{
	const struct document *document = request->route->detail;
	const char *wanted = value->text + (*value->text == '-');
	CLEANUP(buffer_free) struct buffer allowed = {0};

	for (size_t i = 0; i < DOCUMENT_SORTS && document->sorts[i].name; i++) {
		const char *name = document->sorts[i].name;

		if (strcmp(wanted, name) == 0)
			return true;
		buffer_format(&allowed, ", %s, -%s", name, name);
	}
	return refuse_name(value, &allowed, err);
}

bool parameter_checks_format(const struct request *request, struct value *value, struct error *err)
{
	const struct media_type *media;

	return media_type_pick(request->route->media, NULL, value->text, &media, err);
}

static bool check_field(const struct request *request, struct value *value, struct error *err)
{
	const struct application *application = request->application;
	CLEANUP(buffer_free) struct buffer allowed = {0};
	const struct record_fields *fields;

	if (!query_catalogue_fields(application->queries, request->route->detail, application->db,
				    request->deadline, &fields, err))
		return false;
	for (size_t i = 0; i < fields->count; i++) {
		if (strcmp(fields->field[i].name, value->text) == 0)
			return true;
		buffer_format(&allowed, ", %s", fields->field[i].name);
	}
	return refuse_name(value, &allowed, err);
}

bool parameter_checks_fields(const struct request *request, struct value *value, struct error *err)
{
	if (request->media == &media_type_atom)
		return error_tell(err, ERROR_BAD_REQUEST,
				  "The members of an Atom entry are fixed. Use 'fields' with "
				  "another format.",
				  "Les éléments d’une entrée Atom sont fixes. Utilisez « fields » "
				  "avec un autre format.");
	return check_list(request, value, check_field, err);
}

static bool check_include(const struct request *request, struct value *value, struct error *err)
{
	const struct document *document = request->route->detail;
	CLEANUP(buffer_free) struct buffer allowed = {0};

	for (const struct include *include = document->includes; include->name; include++) {
		if (strcmp(include->name, value->text) == 0)
			return true;
		buffer_format(&allowed, ", %s", include->name);
	}
	return refuse_name(value, &allowed, err);
}

bool parameter_checks_include(const struct request *request, struct value *value, struct error *err)
{
	if (request->media && request->media != &media_type_json &&
	    request->media != &media_type_ndjson)
		return error_tell(err, ERROR_BAD_REQUEST,
				  "This format cannot hold other records. Use 'include' with the "
				  "formats json and ndjson.",
				  "Ce format ne peut contenir d’autres enregistrements. Utilisez « "
				  "include » avec les formats json et ndjson.");
	return check_list(request, value, check_include, err);
}

bool parameter_checks_moment(const struct request *request, struct value *value, struct error *err)
{
	char utc[MOMENT_LENGTH + 1];

	if (!moment_read(value->text, utc))
		return error_tell(err, ERROR_BAD_REQUEST,
				  "'%.60s' is neither a day (2026-11-23) nor a time as in RFC 3339 "
				  "(2026-11-23T10:00:00Z).",
				  "« %.60s » n’est ni un jour (2026-11-23) ni un instant selon la "
				  "RFC 3339 (2026-11-23T10:00:00Z).",
				  value->text);
	return copy_to_arena(request, utc, MOMENT_LENGTH, &value->canonical, err);
}

bool parameter_checks_identifier(const struct request *request, struct value *value,
				 struct error *err)
{
	const char *text = value->text;

	(void)request;
	if (strlen(text) <= 100 && text[strspn(text, LETTERS DIGITS "._-")] == '\0')
		return true;
	if (value->parameter->place == PARAMETER_PATH)
		return error_tell(err, ERROR_NOT_FOUND, "No record has this identifier.",
				  "Aucun enregistrement ne porte cet identifiant.");
	return error_tell(err, ERROR_BAD_REQUEST,
			  "'%.60s' is not an identifier: up to 100 letters, digits, '.', '_', '-'.",
			  "« %.60s » n’est pas un identifiant : 100 lettres, chiffres, « . », « _ "
			  "» et « - » au plus.",
			  text);
}

bool parameter_checks_revision(const struct request *request, struct value *value,
			       struct error *err)
{
	long revision;

	if (!number_read(value->text, 0, LONG_MAX, &revision))
		return error_tell(
			err, ERROR_BAD_REQUEST,
			"'%.60s' is not a revision of the dataset. A revision is a whole "
			"number from 0, as in the header field Dataset-Revision.",
			"« %.60s » n’est pas une révision des données. Une révision est un nombre "
			"entier à partir de 0, comme dans le champ d’en-tête Dataset-Revision.",
			value->text);
	return set_number(request, revision, value, err);
}

/* The length of a number without a leading zero, 0 when it has more digits than the database's
 * type.
 */
static size_t number_length(const char *text, size_t maximum)
{
	size_t length = *text == '0' ? 0 : strspn(text, DIGITS);

	return length <= maximum ? length : 0;
}

bool parameter_checks_change(const struct request *request, struct value *value, struct error *err)
{
	const char *text = value->text;
	size_t revision = number_length(text, 18), ordinal;

	(void)request;
	ordinal = revision && text[revision] == '-' ? number_length(text + revision + 1, 9) : 0;
	return (ordinal > 0 && text[revision + 1 + ordinal] == '\0') ||
	       error_tell(err, ERROR_NOT_FOUND, "No record has this identifier.",
			  "Aucun enregistrement ne porte cet identifiant.");
}
