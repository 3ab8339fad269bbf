#include "api/bind.h"

#include "api/application.h"
#include "api/fields.h"

#include <string.h>

#include "base/banned.h"

static bool same(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/* The last value in the path: what a single record is asked for by. */
static const char *path_key(const struct request *request)
{
	const char *key = NULL;

	for (size_t i = 0; i < request->value_count; i++)
		if (request->values[i].parameter->place == PARAMETER_PATH)
			key = request->values[i].canonical;
	return key;
}

/* A list as an array literal. Its values passed a check that admits nothing to be quoted. */
static bool as_array(const struct request *request, const char *list, const char **array,
		     struct error *err)
{
	*array = arena_format(request->arena, "{%s}", list);
	return *array || error_out_of_memory(err);
}

/* A filter that the document fixes, or that the client gave; NULL when neither did. */
static bool filter(const struct request *request, const char *name, const char **value,
		   struct error *err)
{
	const struct document *document = request->route->detail;

	*value = NULL;
	if (same(name, "fields") && request_value(request, name))
		return as_array(request,
				arena_format(request->arena, "%s,%s,links",
					     request_value(request, name),
					     fields_identifier(request)),
				value, err);
	if (same(name, "relation"))
		return as_array(request, document->relation, value, err);
	for (size_t i = 0; i < DOCUMENT_FIXED && document->fixed[i].name; i++)
		if (same(document->fixed[i].name, name))
			return as_array(request, document->fixed[i].value, value, err);
	for (size_t i = 0; i < request->value_count; i++) {
		const struct value *given = &request->values[i];
		const struct parameter *parameter = given->parameter;

		if (!same(parameter->binds ? parameter->binds : parameter->name, name))
			continue;
		/* What the path names fills a filter as a list of one. */
		if (parameter->many || parameter->place == PARAMETER_PATH)
			return as_array(request, given->canonical, value, err);
		*value = given->canonical;
	}
	return true;
}

static bool bind_value(const struct request *request, const char *name, const struct page *page,
		       const char **value, struct error *err)
{
	const struct application *application = request->application;
	const char *as_of = request_value(request, "as_of");
	const struct {
		const char *name, *value;
	} known[] = {
		{"day", as_of ? as_of : request->today},
		{"lang", request->language},
		{"base", request->public_url},
		{"key", path_key(request)},
		{"collections", application->collections},
		{"country_sections", application->country_sections},
		{"treaty_sections", application->treaty_sections},
		{"limit", page->limit},
		{"total", page->total},
		{"after_value", page->after_value},
		{"after_key", page->after_key},
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (!same(known[i].name, name))
			continue;
		*value = known[i].value;
		return true;
	}
	return filter(request, name, value, err);
}

bool bind_values(const struct request *request, const struct derived *derived,
		 const struct page *page, const char *values[STATEMENT_PARAMETERS],
		 struct error *err)
{
	for (size_t i = 0; i < derived->statement.parameters; i++)
		if (!bind_value(request, derived->parameters[i], page, &values[i], err))
			return false;
	return true;
}
