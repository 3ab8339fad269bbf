#include "api/site/site_pages.h"

#include "api/response_cache/gzip_form.h"
#include "api/site/static_file.h"
#include "base/cleanup.h"
#include "http/message/request.h"
#include "http/message/response.h"
#include "http/negotiation/media_type.h"
#include "http/problem/problem.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/banned.h"

/* What a page without scripts may load: its stylesheet and its icon. */
#define POLICY_PAGE                                                                                \
	"default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "                  \
	"form-action 'none'; frame-ancestors 'none'"

/* The reference is a program that is loaded from this service and sends requests to it alone. Its
 * stylesheet contains small images. */
#define POLICY_REFERENCE                                                                           \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "          \
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

bool site_pages_root(const struct request *request, struct response *response, struct error *err)
{
	CLEANUP(buffer_free) struct buffer json = {0};
	const char *base = request->public_url;

	if (request->media == &media_type_html) {
		response_field(response, "Location", "%s/docs", base);
		return response_body(response, 307, NULL, NULL, 0, err);
	}
	buffer_format(&json,
		      "{\"links\":{\"entry\":\"%s/v1\",\"docs\":\"%s/docs\","
		      "\"contract\":\"%s/openapi.json\"}}",
		      base, base, base);
	return gzip_form_send(request, response, "application/json", &json, err);
}

bool site_pages_send(const struct request *request, struct response *response, struct error *err)
{
	const char *name = strrchr(request->canonical_path, '/') + 1;
	char file[64];

	snprintf(file, sizeof file, "%s.%s", name, request->language);
	response_field(response, "Content-Security-Policy", "%s",
		       strcmp(name, "docs") == 0 ? POLICY_REFERENCE : POLICY_PAGE);
	return static_file_send(request, response, file, "text/html; charset=utf-8", err);
}

bool site_pages_check(const struct request *request, struct value *value, struct error *err)
{
	(void)request;
	for (int kind = 0; kind < ERROR_KINDS; kind++) {
		const char *name = problem_type((enum error_kind)kind)->name;

		if (strcasecmp(name, value->text) != 0)
			continue;
		value->canonical = name;
		return true;
	}
	return error_tell(err, ERROR_NOT_FOUND, "There is no such problem type.",
			  "Ce type d’erreur n’existe pas.");
}
