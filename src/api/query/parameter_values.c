#include "api/query/parameter_values.h"

#include "api/application.h"
#include "api/read/record_fields.h"

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
					     record_fields_identifier(request)),
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

enum source parameter_values_source(const char *name)
{
	static const char *const names[SOURCES] = {
		[SOURCE_DAY] = "day",
		[SOURCE_LANG] = "lang",
		[SOURCE_BASE] = "base",
		[SOURCE_KEY] = "key",
		[SOURCE_COLLECTIONS] = "collections",
		[SOURCE_COUNTRY_SECTIONS] = "country_sections",
		[SOURCE_TREATY_SECTIONS] = "treaty_sections",
		[SOURCE_LIMIT] = "limit",
		[SOURCE_FEW] = "few",
		[SOURCE_TOTAL] = "total",
		[SOURCE_AFTER_VALUE] = "after_value",
		[SOURCE_AFTER_KEY] = "after_key",
	};

	for (int i = SOURCE_FILTER + 1; i < SOURCES; i++)
		if (same(names[i], name))
			return (enum source)i;
	return SOURCE_FILTER;
}

bool parameter_values_bind(const struct request *request, const struct derived_query *derived,
			   const struct page_position *page, const char *values[QUERY_PARAMETERS],
			   struct error *err)
{
	const struct application *application = request->application;
	const char *as_of = request_value(request, "as_of");
	const char *const sources[SOURCES] = {
		[SOURCE_DAY] = as_of ? as_of : request->today,
		[SOURCE_LANG] = request->language,
		[SOURCE_BASE] = request->public_url,
		[SOURCE_KEY] = path_key(request),
		[SOURCE_COLLECTIONS] = application->collections,
		[SOURCE_COUNTRY_SECTIONS] = application->country_sections,
		[SOURCE_TREATY_SECTIONS] = application->treaty_sections,
		[SOURCE_LIMIT] = page->limit,
		[SOURCE_FEW] = page->few,
		[SOURCE_TOTAL] = page->total,
		[SOURCE_AFTER_VALUE] = page->after_value,
		[SOURCE_AFTER_KEY] = page->after_key,
	};

	for (size_t i = 0; i < derived->query.parameters; i++)
		if (derived->sources[i] != SOURCE_FILTER)
			values[i] = sources[derived->sources[i]];
		else if (!filter(request, derived->parameters[i], &values[i], err))
			return false;
	return true;
}
