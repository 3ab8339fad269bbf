#include "http/policy/cors.h"

#include <string.h>

#include "base/banned.h"

#define READABLE                                                                                   \
	"ETag, Link, Content-Language, Dataset-Revision, Retry-After, RateLimit, "                 \
	"RateLimit-Policy, Location, X-Request-Id, Content-Disposition, Age, Cache-Status, "       \
	"Allow, WWW-Authenticate"
#define SENDABLE                                                                                   \
	"Content-Type, Accept, Accept-Language, If-None-Match, If-Modified-Since, If-Match, "      \
	"Idempotency-Key, Authorization, X-Request-Id, traceparent, Cache-Control"

const char *cors_allowed(const char *origins, const char *origin)
{
	size_t length;

	if (strcmp(origins, "*") == 0)
		return "*";
	if (!origin)
		return NULL;
	length = strlen(origin);
	while (*origins) {
		size_t listed;

		origins += strspn(origins, ", ");
		listed = strcspn(origins, ", ");
		if (listed > 0 && listed == length && strncmp(origins, origin, length) == 0)
			return origin;
		origins += listed;
	}
	return NULL;
}

const char *cors_readable(void)
{
	return READABLE;
}

void cors_fields(struct response *response, const struct request *request, const char *origins)
{
	const char *origin = request_field(request, FIELD_ORIGIN);
	const char *allowed = cors_allowed(origins, origin);

	if (strcmp(origins, "*") != 0)
		response_field(response, "Vary", "Origin");
	if (!allowed)
		return;
	response_field(response, "Access-Control-Allow-Origin", "%s", allowed);
	response_field(response, "Access-Control-Expose-Headers", READABLE);
}

bool cors_is_preflight(const struct request *request)
{
	return strcmp(request->method, "OPTIONS") == 0 && request_field(request, FIELD_ORIGIN) &&
	       request_field(request, FIELD_ACCESS_CONTROL_REQUEST_METHOD);
}

void cors_preflight(struct response *response, const struct request *request, const char *allow)
{
	if (!cors_is_preflight(request))
		return;
	response_field(response, "Access-Control-Allow-Methods", "%s", allow);
	response_field(response, "Access-Control-Allow-Headers", SENDABLE);
	response_field(response, "Access-Control-Max-Age", "%d", LIMIT_PREFLIGHT_SECONDS);
}
