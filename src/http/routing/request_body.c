#include "http/routing/request_body.h"

#include "http/message/request_target.h"
#include "http/routing/router.h"

#include <string.h>
#include <strings.h>

#include "base/banned.h"

/* Parameters of a type, such as its charset, do not count. */
static bool is_of_type(const char *content_type, const char *type)
{
	size_t length = strlen(type);

	return content_type && strncasecmp(content_type, type, length) == 0 &&
	       (content_type[length] == '\0' || strchr("; \t", content_type[length]));
}

static bool takes_body(const struct route *route, const char *method)
{
	return route && route->body && strcmp(method, "OPTIONS") != 0;
}

bool request_body_check(const struct raw_request *raw, const struct request *request,
			struct error *err)
{
	const bool wanted = takes_body(request->route, request->method);

	if (!wanted && raw->content_length > 0)
		return error_tell(err, ERROR_BAD_REQUEST, "This request may not have a body.",
				  "Cette requête ne peut avoir de corps.");
	if (!wanted)
		return true;
	if (!is_of_type(request_field(request, FIELD_CONTENT_TYPE), request->route->body))
		return error_tell(err, ERROR_UNSUPPORTED_TYPE, "A body must be %s.",
				  "Un corps doit être de type %s.", request->route->body);
	if (raw->content_length > LIMIT_BODY)
		return error_tell(err, ERROR_BODY_TOO_LARGE, "A body may have at most %d bytes.",
				  "Un corps peut avoir au plus %d octets.", LIMIT_BODY);
	return raw->body || error_tell(err, ERROR_BAD_REQUEST, "This request must have a body.",
				       "Cette requête doit avoir un corps.");
}

bool request_body_needed(const struct service *service, const struct raw_request *raw)
{
	const char *target = request_target_relative(raw->target);
	char path[LIMIT_TARGET + 1];
	size_t length = strcspn(target, "?");
	struct route_match match;

	if (*target != '/' || length > LIMIT_TARGET)
		return false;
	memcpy(path, target, length);
	path[length] = '\0';
	return request_target_normalise(path) &&
	       router_find(service->routes, raw->method, path, &match) == ROUTE_FOUND &&
	       takes_body(match.route, raw->method) &&
	       is_of_type(raw->fields.values[FIELD_CONTENT_TYPE], match.route->body) &&
	       raw->content_length <= LIMIT_BODY;
}
