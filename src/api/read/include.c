#include "api/read/include.h"

#include "api/validate/parameter_checks.h"
#include "api/document.h"
#include "api/query/record_fields.h"
#include "base/cleanup.h"
#include "base/buffer.h"
#include "http/negotiation/media_type.h"

#include <string.h>

#include "base/banned.h"

static const struct include *find_include(const struct document *document, const char *name)
{
	for (const struct include *include = document->includes; include && include->name;
	     include++)
		if (strcmp(include->name, name) == 0)
			return include;
	return NULL;
}

static bool refuse_include(const struct document *document, const char *name, struct error *err)
{
	CLEANUP(buffer_free) struct buffer allowed = {0};

	for (const struct include *include = document->includes; include->name; include++)
		buffer_format(&allowed, "%s%s", include == document->includes ? "" : ", ",
			      include->name);
	if (allowed.failed)
		return error_out_of_memory(err);
	return error_set(err, ERROR_BAD_REQUEST, "'%.60s' is not one of: %s.", name, allowed.bytes);
}

bool include_check(const struct request *request, const struct parameter *parameter,
		   const char *text, const char **canonical, struct error *err)
{
	const struct document *document = request->route->detail;
	const char *parts[LIST_MAXIMUM];
	size_t count;

	if (request->media && request->media != &media_type_json &&
	    request->media != &media_type_ndjson)
		return error_set(err, ERROR_BAD_REQUEST,
				 "A table has no place for other records; 'include' goes with the "
				 "formats json and ndjson.");
	if (!parameter_checks_split(request, parameter, text, parts, &count, err))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!find_include(document, parts[i]))
			return refuse_include(document, parts[i], err);
	return parameter_checks_join(request, parts, count, canonical, err);
}

bool include_legal_time(const struct request *request)
{
	const struct document *document = request->route->detail;
	const char *names = request_value(request, "include");
	bool legal_time = document->legal_time;

	for (const struct include *include = document->includes; names && include && include->name;
	     include++)
		legal_time |=
			include->document->legal_time && record_fields_listed(names, include->name);
	return legal_time;
}
