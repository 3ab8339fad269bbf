#include "api/read/envelope.h"

#include "api/application.h"

#include "base/banned.h"

static void add_address(struct buffer *body, const struct request *request, const char *name,
			const char *address)
{
	/* Canonical addresses contain no character that JSON escapes. */
	buffer_format(body, "\"%s\":\"%s%s\"", name, request->public_url, address ? address : "");
	body->failed |= !address;
}

void envelope_end(struct buffer *body, const struct request *request,
		  const struct envelope *envelope)
{
	const struct application *application = request->application;

	buffer_text(body, ",\"meta\":{");
	if (envelope->total)
		buffer_format(body, "\"total\":%s,", envelope->total);
	buffer_text(body, "\"as_of\":");
	buffer_json(body, request_value(request, "as_of"));
	buffer_text(body, ",\"language\":");
	buffer_json(body, request->language);
	buffer_text(body, ",\"licence\":");
	buffer_json(body, application->config->licence);
	buffer_text(body, "},\"links\":{");
	add_address(body, request, "self", envelope->self);
	if (envelope->next) {
		buffer_text(body, ",");
		add_address(body, request, "next", envelope->next);
	}
	if (envelope->resume) {
		buffer_text(body, ",");
		add_address(body, request, "resume", envelope->resume);
	}
	buffer_text(body, "}}");
}
