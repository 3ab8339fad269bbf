#include "http/problem.h"

#include "base/cleanup.h"
#include "base/strings.h"
#include "http/target.h"
#include "http/text.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static const struct problem_type types[ERROR_KINDS] = {
	[ERROR_BAD_REQUEST] = {400, "bad-request", "The request has mistakes",
			       "The address or the header has mistakes. `errors` names every wrong "
			       "parameter with what is allowed. The same request will fail again.",
			       NULL},
	[ERROR_NOT_FOUND] =
		{404, "not-found", "Nothing is here",
		 "The address is not one of this service, or nothing has the identifier in "
		 "it. A known country with nothing in a section is an empty list instead.",
		 NULL},
	[ERROR_WRONG_METHOD] =
		{405, "method-not-allowed", "The method is not allowed here",
		 "The address exists, but not with this method. The field Allow lists "
		 "the methods it has.",
		 NULL},
	[ERROR_NOT_ACCEPTABLE] =
		{406, "not-acceptable", "No representation is acceptable",
		 "The field Accept excludes every representation that this address "
		 "has. `detail` lists them.",
		 NULL},
	[ERROR_GONE] = {410, "gone", "The record was retracted",
			"The record was published by mistake and was removed. `replaced_by`, when "
			"present, is the identifier of the record that took its place.",
			NULL},
	[ERROR_BODY_TOO_LARGE] = {413, "body-too-large", "The body is too large",
				  "A request body may have 65,536 bytes.", NULL},
	[ERROR_TARGET_TOO_LONG] = {414, "target-too-long", "The address is too long",
				   "Path and query may have 8,192 bytes together.", NULL},
	[ERROR_UNSUPPORTED_TYPE] = {415, "unsupported-type", "The body's type is not supported",
				    "A request body must be application/json.", NULL},
	[ERROR_TOO_MANY_REQUESTS] =
		{429, "too-many-requests", "Too many requests",
		 "Your address has used up its allowance, which fills again evenly. Ask again "
		 "after the seconds in Retry-After; an answer that you have and name in "
		 "If-None-Match costs nothing when it is still good (304).",
		 NULL},
	[ERROR_FIELDS_TOO_LARGE] =
		{431, "fields-too-large", "The header is too large",
		 "A request may have 64 header fields with 16,384 bytes together.", NULL},
	[ERROR_INTERNAL] =
		{500, "internal-error", "Something went wrong here",
		 "The service failed. It is not the client's fault, and the operator finds "
		 "the reason in the log under `request_id`.",
		 "The service failed; the reason is in its log."},
	[ERROR_UNKNOWN_METHOD] =
		{501, "unknown-method", "The method is unknown",
		 "The method is not one of HTTP. Methods are compared with case: it "
		 "is GET, not get.",
		 NULL},
	[ERROR_UNAVAILABLE] =
		{503, "unavailable", "The service cannot answer now",
		 "The service is up, but its database does not answer. Ask again after "
		 "the seconds in Retry-After.",
		 "The service cannot answer now; ask again later."},
};

const struct problem_type *problem_type(enum error_kind kind)
{
	return (unsigned)kind < ERROR_KINDS ? &types[kind] : &types[ERROR_INTERNAL];
}

/* The address of the request without its query, as ASCII. */
static json_t *instance(const struct request *request)
{
	CLEANUP(buffer_free) struct buffer path = {0};

	buffer_text(&path, "");
	target_encode(&path, request->path);
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
		json_pack("{s:o, s:s, s:i, s:s, s:o, s:s}", "type",
			  json_sprintf("%s/problems/%s", request->public_url, type->name), "title",
			  type->title, "status", type->status, "detail", detail, "instance",
			  instance(request), "request_id", request->id);
	int failed = !problem;

	for (size_t i = 0; i < exchange->reply.member_count; i++)
		failed |= json_object_set_new(problem, exchange->reply.members[i].name,
					      json_string(exchange->reply.members[i].value));
	if (request->mistake_count > 0)
		failed |= json_object_set_new(problem, "errors", mistakes(request));
	return failed ? NULL : json_dumps(problem, JSON_COMPACT);
}

void problem_reply(struct exchange *exchange, const struct error *err)
{
	const struct problem_type *type = problem_type(err->kind);
	struct reply *reply = &exchange->reply;
	const char *detail = type->fixed;

	if (!detail && reply->arena)
		detail = text_clean(reply->arena, err->message);
	if (type->fixed)
		snprintf(exchange->problem, sizeof exchange->problem, "%s", err->message);
	free(reply->body);
	reply->field_count = 0;
	reply->failed = false;
	reply->status = type->status;
	reply->body = detail ? document(exchange, type, detail) : NULL;
	reply->length = reply->body ? strlen(reply->body) : 0;
	reply->media_type = reply->body ? "application/problem+json" : NULL;
	if (!reply->arena)
		return;
	reply_field(reply, "Cache-Control", "no-store");
	if (type->status == 503)
		reply_field(reply, "Retry-After", "%d", LIMIT_RETRY_SECONDS);
}
