#include "http/problem/problem.h"

#include "base/cleanup.h"
#include "base/buffer.h"
#include "base/utf8.h"
#include "http/message/request_target.h"
#include "problem_types.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static const struct problem_type types[ERROR_KINDS] = {PROBLEM_TYPES};

const struct problem_type *problem_type(enum error_kind kind)
{
	return (unsigned)kind < ERROR_KINDS ? &types[kind] : &types[ERROR_INTERNAL];
}

/* The address of the request without its query, as ASCII. */
static json_t *instance(const struct request *request)
{
	CLEANUP(buffer_free) struct buffer path = {0};

	buffer_text(&path, "");
	request_target_encode(&path, request->path);
	return path.failed ? NULL : json_string(path.bytes);
}

/* An array member for each mistake; NULL when out of memory. */
static json_t *mistakes(const struct request *request)
{
	json_t *list = json_array();

	for (size_t i = 0; i < request->mistake_count; i++) {
		const struct mistake *mistake = &request->mistakes[i];
		const char *key = mistake->parameter ? "parameter" : "pointer";
		const char *name = mistake->parameter ? mistake->parameter : mistake->pointer;

		if (json_array_append_new(list, json_pack("{s:s, s:s}", key, name, "detail",
							  mistake->detail)) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

/* The document as malloced text; NULL when out of memory. */
static char *document(const struct exchange *exchange, const struct problem_type *type,
		      const char *detail)
{
	const struct request *request = &exchange->request;
	json_auto_t *problem =
		json_pack("{s:o, s:s, s:i, s:s}", "type",
			  json_sprintf("%s/problems/%s", request->public_url, type->name), "title",
			  bilingual_in(type->title, request->language), "status", type->status,
			  "detail", detail);
	int failed = !problem;

	/* The path is empty when the request line could not be read. */
	if (*request->path)
		failed |= json_object_set_new(problem, "instance", instance(request));
	failed |= json_object_set_new(problem, "request_id", json_string(request->id));
	for (size_t i = 0; i < exchange->response.member_count; i++)
		failed |= json_object_set_new(problem, exchange->response.members[i].name,
					      json_string(exchange->response.members[i].value));
	if (request->mistake_count > 0)
		failed |= json_object_set_new(problem, "errors", mistakes(request));
	return failed ? NULL : json_dumps(problem, JSON_COMPACT);
}

void problem_respond(struct exchange *exchange, const struct error *err)
{
	const struct problem_type *type = problem_type(err->kind);
	struct response *response = &exchange->response;
	const struct request *request = &exchange->request;
	const char *detail = bilingual_in(type->fixed, request->language);
	char message[sizeof err->message];

	if (!detail && response->arena) {
		snprintf(message, sizeof message, "%s", error_in(err, request->language));
		utf8_clean(message);
		detail = message;
	}
	if (type->fixed.english)
		snprintf(exchange->problem, sizeof exchange->problem, "%s", err->message);
	response_discard(response);
	response->field_count = 0;
	response->failed = false;
	response->status = type->status;
	response->body = detail ? document(exchange, type, detail) : NULL;
	response->length = response->body ? strlen(response->body) : 0;
	response->media_type = response->body ? "application/problem+json" : NULL;
	if (!response->arena)
		return;
	response_field(response, "Cache-Control", "no-store");
	response_field(response, "Content-Language", "%s", request->language);
	if (type->status == 503)
		response_field(response, "Retry-After", "%d", LIMIT_RETRY_SECONDS);
}
