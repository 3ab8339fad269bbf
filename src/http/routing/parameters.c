#include "http/routing/parameters.h"

#include "base/cleanup.h"
#include "base/buffer.h"
#include "base/utf8.h"
#include "http/message/limits.h"
#include "http/negotiation/media_type.h"
#include "http/message/query_string.h"
#include "http/message/request_target.h"

#include <string.h>

#include "base/banned.h"

static bool mistake_add(struct request *request, const char *parameter, const char *detail,
			struct error *err)
{
	char *name = arena_copy(request->arena, parameter, strlen(parameter));
	char *reason = arena_copy(request->arena, detail, strlen(detail));

	if (!name || !reason)
		return error_out_of_memory(err);
	utf8_clean(name);
	utf8_clean(reason);
	if (request->mistake_count < REQUEST_VALUES)
		request->mistakes[request->mistake_count++] =
			(struct mistake){.parameter = name, .detail = reason};
	return true;
}

/* The same with a fixed text. */
static bool mistake_add_text(struct request *request, const char *parameter, struct bilingual text,
			     struct error *err)
{
	return mistake_add(request, parameter, bilingual_in(text, request->language), err);
}

/* The same with the message of an error. */
static bool mistake_add_error(struct request *request, const char *parameter, struct error *err)
{
	return mistake_add(request, parameter, error_in(err, request->language), err);
}

static const struct parameter *find_parameter(const struct route *route, enum parameter_place place,
					      const char *name, size_t length)
{
	for (const struct parameter *const *at = route->parameters; at && *at; at++)
		if ((*at)->place == place && strlen((*at)->name) == length &&
		    strncmp((*at)->name, name, length) == 0)
			return *at;
	return NULL;
}

const struct parameter *parameters_find(const struct route *route, const char *name)
{
	return find_parameter(route, PARAMETER_QUERY, name, strlen(name));
}

static bool check(struct request *request, const struct parameter *parameter, const char *text,
		  const char **canonical, struct error *err)
{
	struct value value = {parameter, parameter->name, text, text};

	if (parameter->check && !parameter->check(request, &value, err))
		return false;
	if (request->value_count == REQUEST_VALUES)
		return error_set(err, ERROR_INTERNAL, "%s takes more values than a request holds.",
				 request->route->template);
	request->values[request->value_count++] = value;
	*canonical = value.canonical;
	return true;
}

static bool read_segment(struct request *request, const struct segment *segment,
			 const char **canonical, struct error *err)
{
	const struct parameter *parameter =
		find_parameter(request->route, PARAMETER_PATH, segment->name, segment->name_length);
	const char *text = arena_copy(request->arena, segment->text, segment->length);

	if (!text)
		return error_out_of_memory(err);
	if (!parameter)
		return error_set(err, ERROR_INTERNAL, "%s names no path parameter '%.*s'.",
				 request->route->operation, (int)segment->name_length,
				 segment->name);
	return check(request, parameter, text, canonical, err);
}

bool parameters_read_path(struct request *request, const struct route_match *match,
			  struct error *err)
{
	CLEANUP(buffer_free) struct buffer path = {0};
	const char *template = request->route->template;

	for (size_t i = 0; i < match->count; i++) {
		size_t literal = strcspn(template, "{");
		const char *canonical = NULL;

		if (!read_segment(request, &match->segments[i], &canonical, err))
			return false;
		buffer_add(&path, template, literal);
		request_target_encode(&path, canonical);
		template += literal + strcspn(template + literal, "}") + 1;
	}
	buffer_text(&path, template);
	if (path.failed)
		return error_out_of_memory(err);
	request->canonical_path = arena_copy(request->arena, path.bytes, path.length);
	return request->canonical_path || error_out_of_memory(err);
}

static bool refuse_unknown(struct request *request, const char *name, struct error *err)
{
	const char *names = "";

	for (const struct parameter *const *at = request->route->parameters; names && at && *at;
	     at++)
		if ((*at)->place == PARAMETER_QUERY)
			names = arena_format(request->arena, "%s%s%s", names, *names ? ", " : "",
					     (*at)->name);
	if (!names)
		return error_out_of_memory(err);
	if (!*names)
		return mistake_add_text(request, name,
					BILINGUAL("Unknown parameter; this address has none.",
						  "Paramètre inconnu ; cette adresse n’en a "
						  "aucun."),
					err);
	error_tell(err, ERROR_BAD_REQUEST, "Unknown parameter; the parameters here are: %s.",
		   "Paramètre inconnu ; les paramètres de cette adresse sont : %s.", names);
	return mistake_add_error(request, name, err);
}

/* Counts the pairs with a name before `end`. */
static size_t count_name(const struct query_pair *pairs, size_t end, const char *name)
{
	size_t count = 0;

	for (size_t i = 0; i < end; i++)
		count += strcmp(pairs[i].name, name) == 0;
	return count;
}

static bool read_value(struct request *request, const struct parameter *parameter, const char *text,
		       struct error *err)
{
	const char *canonical;

	if (check(request, parameter, text, &canonical, err))
		return true;
	if (err->kind != ERROR_BAD_REQUEST && err->kind != ERROR_NOT_FOUND)
		return false;
	return mistake_add_error(request, parameter->name, err);
}

/* Adds a mistake for a pair that has no value; *found tells whether there was one. */
static bool find_mistake(struct request *request, const struct query_pair *pair, bool *found,
			 struct error *err)
{
	static const struct bilingual empty = {"The value is empty. Omit the parameter instead.",
					       "La valeur est vide. Omettez plutôt le paramètre."};

	*found = pair->fault.english || !*pair->value;
	return !*found || mistake_add_text(request, pair->name,
					   pair->fault.english ? pair->fault : empty, err);
}

/* Reads a list from all pairs of its name, of which pairs[at] is the first: a=1&a=2 is a=1,2. */
static bool read_list(struct request *request, const struct parameter *parameter,
		      const struct query_pair *pairs, size_t count, size_t at, struct error *err)
{
	const char *list = NULL;
	bool wrong = false;

	for (; at < count && !wrong; at++) {
		if (strcmp(pairs[at].name, parameter->name) != 0)
			continue;
		if (!find_mistake(request, &pairs[at], &wrong, err))
			return false;
		if (wrong)
			return true;
		list = list ? arena_format(request->arena, "%s,%s", list, pairs[at].value)
			    : pairs[at].value;
		if (!list)
			return error_out_of_memory(err);
	}
	return read_value(request, parameter, list, err);
}

/* The parameter without the brackets that some programs put behind the name of a list; NULL for
 * any other name. */
static const struct parameter *find_bracketed(const struct route *route, const char *name)
{
	const size_t length = strlen(name);

	if (length < 2 || strcmp(name + length - 2, "[]") != 0)
		return NULL;
	return find_parameter(route, PARAMETER_QUERY, name, length - 2);
}

static bool refuse_brackets(struct request *request, const char *name,
			    const struct parameter *parameter, struct error *err)
{
	const char *known = parameter->name;

	if (parameter->many)
		error_tell(err, ERROR_BAD_REQUEST,
			   "A list has no brackets: write '%s=A,B' or '%s=A&%s=B'.",
			   "Une liste s’écrit sans crochets : « %s=A,B » ou « %s=A&%s=B ».", known,
			   known, known);
	else
		error_tell(err, ERROR_BAD_REQUEST, "'%s' takes one value and has no brackets.",
			   "« %s » prend une seule valeur et s’écrit sans crochets.", known);
	return mistake_add_error(request, name, err);
}

static bool read_pair(struct request *request, const struct query_pair *pairs, size_t count,
		      size_t at, struct error *err)
{
	const struct query_pair *pair = &pairs[at];
	const struct parameter *parameter = parameters_find(request->route, pair->name);
	const struct parameter *bracketed = find_bracketed(request->route, pair->name);
	const size_t before = count_name(pairs, at, pair->name);
	bool wrong;

	if (before > 1 || (before == 1 && (bracketed || (parameter && parameter->many))))
		return true;
	if (before == 1)
		return mistake_add_text(request, pair->name,
					BILINGUAL("The parameter is repeated, and takes one "
						  "value.",
						  "Le paramètre est répété et prend une "
						  "seule valeur."),
					err);
	if (bracketed)
		return refuse_brackets(request, pair->name, bracketed, err);
	if (parameter && parameter->many)
		return read_list(request, parameter, pairs, count, at, err);
	if (!parameter && !pair->fault.english)
		return refuse_unknown(request, pair->name, err);
	if (!find_mistake(request, pair, &wrong, err))
		return false;
	return wrong || read_value(request, parameter, pair->value, err);
}

static bool summarise(const struct request *request, struct error *err)
{
	static const struct bilingual unnamed = {"one without a name", "un paramètre sans nom"};
	CLEANUP(buffer_free) struct buffer names = {.maximum = 600};
	const struct mistake *first = &request->mistakes[0];

	if (request->mistake_count == 1)
		return *first->parameter
			       ? error_tell(err, ERROR_BAD_REQUEST, "%s: %s", "%s : %s",
					    first->parameter, first->detail)
			       : error_tell(err, ERROR_BAD_REQUEST, "%s", "%s", first->detail);
	for (size_t i = 0; i < request->mistake_count && !names.failed; i++) {
		const char *name = request->mistakes[i].parameter;

		buffer_format(&names, "%s%s", i ? ", " : "",
			      *name ? name : bilingual_in(unnamed, request->language));
	}
	return error_tell(err, ERROR_BAD_REQUEST, "The query has %zu mistakes, in: %s%s.",
			  "La requête contient %zu erreurs, dans : %s%s.", request->mistake_count,
			  names.bytes ? names.bytes : "", names.failed ? ", …" : "");
}

/* The valid values of a parameter can depend on the representation (`limit`), so it is chosen
 * first. An invalid choice is reported after the other mistakes. */
static void prefer_media(struct request *request, const struct query_pair *pairs, size_t count)
{
	const char *format = NULL;
	struct error later;

	for (size_t i = 0; i < count && !format; i++)
		if (strcmp(pairs[i].name, "format") == 0)
			format = pairs[i].value;
	if (!request->route->media ||
	    !media_type_pick(request->route->media, request_field(request, FIELD_ACCEPT), format,
			     &request->media, &later))
		request->media = NULL;
}

bool parameters_read_media(struct request *request, struct error *err)
{
	return !request->route->media || request->media ||
	       media_type_pick(request->route->media, request_field(request, FIELD_ACCEPT),
			       request_value(request, "format"), &request->media, err);
}

bool parameters_read_query(struct request *request, struct error *err)
{
	struct query_pair pairs[LIMIT_QUERY];
	size_t count;

	if (!query_string_read(request->query, request->arena, pairs, LIMIT_QUERY, &count, err))
		return false;
	if (count > LIMIT_QUERY)
		return error_tell(err, ERROR_BAD_REQUEST, "A query may have at most %d parameters.",
				  "Une requête peut avoir au plus %d paramètres.", LIMIT_QUERY);
	prefer_media(request, pairs, count);
	for (size_t i = 0; i < count; i++)
		if (!read_pair(request, pairs, count, i, err))
			return false;
	return request->mistake_count == 0 || summarise(request, err);
}
