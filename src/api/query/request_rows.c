#include "api/query/request_rows.h"

#include "api/application.h"
#include "api/documents.h"
#include "base/cleanup.h"
#include "http/negotiation/media_type.h"

#include <string.h>

#include "http/routing/route.h"
#include "base/banned.h"

static bool same(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/* The last value in the path, which identifies a single record. */
static const char *path_key(const struct request *request)
{
	const char *key = NULL;

	for (size_t i = 0; i < request->value_count; i++)
		if (request->values[i].parameter->place == PARAMETER_PATH)
			key = request->values[i].canonical;
	return key;
}

/* A list as an array literal. The check of its values allows no character that needs quotes. */
static bool as_array(const struct request *request, const char *list, const char **array,
		     struct error *err)
{
	*array = list ? arena_format(request->arena, "{%s}", list) : NULL;
	return *array || error_out_of_memory(err);
}

/* A period FIRST..LAST as a range literal; either end may be absent. */
static bool as_range(const struct request *request, const char *period, const char **range,
		     struct error *err)
{
	const char *dots = strstr(period, "..");

	*range = arena_format(request->arena, "[%.*s,%s]", (int)(dots - period), period,
			      dots + strlen(".."));
	return *range || error_out_of_memory(err);
}

/* The value of a filter, from the document or from the request; NULL when neither has one. */
static bool bind_filter(const struct request *request, const char *name, const char **value,
			struct error *err)
{
	const struct document *document = request->route->detail;

	*value = NULL;
	if (same(name, "fields") && request_value(request, name))
		return as_array(request,
				arena_format(request->arena, "%s,%s,links",
					     request_value(request, name),
					     documents_identifier(document)),
				value, err);
	if (same(name, "relation") && document->relation)
		return as_array(request, document->relation, value, err);
	for (size_t i = 0; i < request->value_count; i++) {
		const struct value *sent = &request->values[i];
		const struct parameter *parameter = sent->parameter;

		if (!same(parameter->binds ? parameter->binds : parameter->name, name))
			continue;
		/* A value in the path becomes a list of one. */
		if (parameter->many || parameter->place == PARAMETER_PATH)
			return as_array(request, sent->canonical, value, err);
		if (parameter->period)
			return as_range(request, sent->canonical, value, err);
		*value = sent->canonical;
		return true;
	}
	for (size_t i = 0; i < DOCUMENT_FIXED && document->fixed[i].name; i++)
		if (same(document->fixed[i].name, name))
			return as_array(request, document->fixed[i].value, value, err);
	return true;
}

/* Fills values[] for all parameters of the template; the texts live as long as the request. */
static bool bind_values(const struct request *request, const struct query_template *template,
			const struct page_position *page, const char *values[QUERY_PARAMETERS],
			struct error *err)
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
		{"limit", page->limit},
		{"few", page->few},
		{"total", page->total},
		{"undated", page->undated},
		{"after_value", page->after_value},
		{"after_key", page->after_key},
		{"collections", application->collections},
		{"country_sections", application->country_sections},
		{"treaty_sections", application->treaty_sections},
	};
	const size_t count = sizeof known / sizeof *known;

	for (size_t i = 0; i < template->parameters; i++) {
		const char *name = template->parameter_names[i];
		size_t at = 0;

		while (at < count && !same(known[at].name, name))
			at++;
		if (at < count)
			values[i] = known[at].value;
		else if (!bind_filter(request, name, &values[i], err))
			return false;
	}
	return true;
}

bool request_rows_read(const struct request *request, struct db *db,
		       const struct query_template *template, const struct page_position *page,
		       struct rows *rows, struct error *err)
{
	const struct document *document = request->route->detail;
	const bool bulk = document->lines || (request->media && request->media->bulk);
	const char *values[QUERY_PARAMETERS], *bound[QUERY_PARAMETERS];
	CLEANUP(query_template_free_query) struct query query = {0};

	return bind_values(request, template, page, values, err) &&
	       query_template_bind(template, values, &query, bound, err) &&
	       (bulk ? db_rows_bulk : db_rows)(db, &query, bound, request->deadline, rows, err);
}
