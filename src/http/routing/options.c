#include "http/routing/options.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "http/policy/cors.h"
#include "http/routing/router.h"

#include "base/banned.h"

enum { ALLOW_MAXIMUM = 80 };

const char *options_allow(const struct service *service, const char *template, struct arena *arena)
{
	CLEANUP(buffer_free) struct buffer allow = {.maximum = ALLOW_MAXIMUM};

	router_allow(service->routes, template, &allow);
	if (allow.failed || !allow.bytes)
		return NULL;
	return arena_copy(arena, allow.bytes, allow.length);
}

bool options_respond(const struct service *service, const char *template,
		     const struct request *request, struct response *response, struct error *err)
{
	const char *allow = options_allow(service, template, request->arena);

	if (!allow)
		return error_out_of_memory(err);
	response_field(response, "Allow", "%s", allow);
	cors_preflight(response, request, allow);
	return response_body(response, 204, NULL, NULL, 0, err);
}
