#include "http/policy/rate_limit_policy.h"
#include "http/negotiation/conditional.h"
#include "http/policy/cors.h"
#include "http/negotiation/content_coding.h"
#include "http/message/exchange.h"
#include "http/policy/client_address.h"
#include "http/policy/framing.h"
#include "http/observe/request_id.h"
#include "http/negotiation/language.h"
#include "http/negotiation/media_type.h"
#include "http/routing/parameters.h"
#include "http/problem/problem.h"
#include "http/routing/router.h"
#include "http/message/request_target.h"

#include "base/cleanup.h"
#include "base/buffer.h"
#include "base/moment.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { ALLOW_MAXIMUM = 80 };

/* Most clients come without a proxy that is trusted, and then no field is looked at. */
static void find_client(const struct service *service, const struct raw_request *incoming,
			struct exchange *exchange)
{
	const struct request *request = &exchange->request;

	exchange->client_known = incoming->peer;
	if (!incoming->peer)
		return;
	exchange->client = *incoming->peer;
	if (network_list_contains(&service->trusted, incoming->peer))
		client_address_find(&service->trusted, incoming->peer,
				    request_field(request, FIELD_X_FORWARDED_FOR),
				    request_field(request, FIELD_FORWARDED), &exchange->client);
}

static size_t kept_fields(const struct raw_request *incoming)
{
	return incoming->field_count < LIMIT_FIELDS ? incoming->field_count : LIMIT_FIELDS;
}

/* What every answer needs, also the one that says no. Nothing here can be the client's fault. */
static bool begin(const struct service *service, const struct raw_request *incoming,
		  struct exchange *exchange, struct error *err)
{
	struct request *request = &exchange->request;

	request->application = service->application;
	request->method = incoming->method;
	request->path = request->canonical_path = request->query = "";
	request->language = "en";
	request->public_url = service->config->public_url;
	request->body = incoming->body;
	request->body_length = incoming->body_length;
	request->draining = atomic_load_explicit(&service->draining, memory_order_relaxed);
	request->began = incoming->arrived;
	request->deadline = deadline_after(service->budget);
	request->midnight = moment_today(request->today);
	request_fields_find(incoming->fields, kept_fields(incoming), &request->fields);
	request->arena = exchange->response.arena = arena_open(LIMIT_ARENA);
	if (!request->arena) {
		request_id_set(request->id, NULL);
		return error_out_of_memory(err);
	}
	return true;
}

/* Reads the fields that say who asks. Those that cannot be joined count as not sent, and *err says
 * why the request is to be refused. */
static bool identify(const struct service *service, const struct raw_request *incoming,
		     struct exchange *exchange, struct error *err)
{
	struct request *request = &exchange->request;
	bool joined = request_fields_join(incoming->fields, kept_fields(incoming), request->arena,
					  &request->fields, err);

	request_id_set(request->id, request_field(request, FIELD_X_REQUEST_ID));
	exchange->traceparent = request_field(request, FIELD_TRACEPARENT);
	if (exchange->traceparent && !request_id_traceparent_valid(exchange->traceparent))
		exchange->traceparent = NULL;
	find_client(service, incoming, exchange);
	return joined;
}

static bool within_sizes(const struct raw_request *incoming, struct error *err)
{
	if (strlen(incoming->target) > LIMIT_TARGET)
		return error_set(err, ERROR_TARGET_TOO_LONG,
				 "Path and query may have %d bytes together.", LIMIT_TARGET);
	if (incoming->field_count > LIMIT_FIELDS || incoming->field_bytes > LIMIT_FIELD_BYTES)
		return error_set(err, ERROR_FIELDS_TOO_LARGE,
				 "A request may have %d header fields with %d bytes together.",
				 LIMIT_FIELDS, LIMIT_FIELD_BYTES);
	return true;
}

static bool refuse_path(const struct service *service, const char *path, struct error *err)
{
	size_t length;
	const char *version = router_other_version(service->routes, path, &length);

	if (version)
		return error_set(err, ERROR_NOT_FOUND,
				 "This version does not exist; the service is at %.*s.",
				 (int)length, version);
	return error_set(err, ERROR_NOT_FOUND, "Nothing is at this address.");
}

/* Finds the route. *outcome is never an unknown one on success. */
static bool find_route(const struct service *service, struct request *request,
		       enum router_outcome *outcome, struct route_match *match, struct error *err)
{
	char *path = arena_copy(request->arena, request->path, strlen(request->path));

	if (!path)
		return error_out_of_memory(err);
	if (!router_method_known(request->method))
		return error_set(err, ERROR_UNKNOWN_METHOD, "'%.20s' is not a method of HTTP.",
				 request->method);
	if (!request_target_normalise(path))
		return refuse_path(service, request->path, err);
	*outcome = router_find(service->routes, request->method, path, match);
	if (*outcome == ROUTE_UNKNOWN_PATH)
		return refuse_path(service, path, err);
	request->route = match->route;
	return true;
}

/* 204 with the methods of the address; of the whole service when template is NULL. */
static bool answer_options(const struct service *service, const char *template,
			   const struct request *request, struct response *response,
			   struct error *err)
{
	CLEANUP(buffer_free) struct buffer allow = {.maximum = ALLOW_MAXIMUM};

	router_allow(service->routes, template, &allow);
	if (allow.failed || !allow.bytes)
		return error_out_of_memory(err);
	response_field(response, "Allow", "%s", allow.bytes);
	cors_preflight(response, request, allow.bytes);
	return response_body(response, 204, NULL, NULL, 0, err);
}

static bool within_body(const struct raw_request *incoming, struct error *err)
{
	if (incoming->body_length > LIMIT_BODY)
		return error_set(err, ERROR_BODY_TOO_LARGE, "A body may have %d bytes.",
				 LIMIT_BODY);
	return true;
}

static bool refuse_method(const struct service *service, const struct request *request,
			  struct error *err)
{
	CLEANUP(buffer_free) struct buffer allow = {.maximum = ALLOW_MAXIMUM};

	router_allow(service->routes, request->route->template, &allow);
	if (allow.failed || !allow.bytes)
		return error_out_of_memory(err);
	return error_set(err, ERROR_WRONG_METHOD, "This address has the methods %s.", allow.bytes);
}

#define CACHE_PUBLIC "public, max-age=60, stale-while-revalidate=60, stale-if-error=86400"

/* What the client has already is not sent again: only what renews its copy. */
static void answer_condition(const struct request *request, struct response *response,
			     const char *tag)
{
	/* What a key opened is its holder's, though the bytes are the same. */
	response_field(response, "Cache-Control", "%s",
		       request_field(request, FIELD_AUTHORIZATION) ? "private, no-cache"
								   : CACHE_PUBLIC);
	if (conditional_unmodified(request_field(request, FIELD_IF_NONE_MATCH),
				   request_field(request, FIELD_IF_MODIFIED_SINCE), tag,
				   response->modified))
		response_reduce(response);
}

/* Turns to the form of the body that the client takes. */
static bool choose_form(const struct request *request, struct response *response,
			enum content_coding *coding, struct error *err)
{
	bool available[CODINGS];

	*coding = CODING_IDENTITY;
	if (!response->forms)
		return true;
	for (int i = 0; i < CODINGS; i++)
		available[i] = response->forms[i].bytes;
	if (!content_coding_pick(request_field(request, FIELD_ACCEPT_ENCODING), available, coding))
		return error_set(err, ERROR_NOT_ACCEPTABLE,
				 "Accept-Encoding allows nothing that exists here: identity, gzip, "
				 "br.");
	response->coding = *coding;
	response->body = (char *)(uintptr_t)response->forms[*coding].bytes;
	response->length = response->forms[*coding].length;
	response_field(response, "Vary", "Accept-Encoding");
	if (*coding != CODING_IDENTITY)
		response_field(response, "Content-Encoding", "%s", content_coding_name(*coding));
	return true;
}

/* What makes an answer one that may be kept. */
static bool finish_answer(const struct request *request, struct response *response,
			  struct error *err)
{
	enum content_coding coding;
	const char *tag;

	if (response->status != 200 || !response->tag)
		return true;
	if (!choose_form(request, response, &coding, err))
		return false;
	tag = arena_format(request->arena, "\"%s%s\"", response->tag,
			   content_coding_suffix(coding));
	if (!tag)
		return error_out_of_memory(err);
	response_field(response, "ETag", "%s", tag);
	answer_condition(request, response, tag);
	return true;
}

/* Runs the handler; what it made must be something that the client takes. */
static bool run_handler(struct request *request, struct response *response, struct error *err)
{
	const char *accept = request_field(request, FIELD_ACCEPT);

	if (!request->route->handler(request, response, err))
		return false;
	if (response->status == 0)
		return error_set(err, ERROR_INTERNAL, "%s left no answer.",
				 request->route->operation);
	if (request->route->media)
		response_field(response, "Vary", "Accept");
	else if (response->status == 200 && response->media_type &&
		 media_type_quality(accept, response->media_type) == 0)
		return error_set(err, ERROR_NOT_ACCEPTABLE,
				 "Accept allows nothing that exists here: %s.",
				 response->media_type);
	if (response->status < 300 && parameters_find(request->route, "lang")) {
		response_field(response, "Content-Language", "%s", request->language);
		response_field(response, "Vary", "Accept-Language");
	}
	return finish_answer(request, response, err);
}

/* What is wrong is reported in this order: 429, 414, 431, 501, 404, 405, 413, 400, 406. A client
 * that asks too much is not told what else is wrong: finding out is what costs. A redirect to the
 * canonical address comes before what is wrong with body and query. */
static bool answer(const struct service *service, const struct raw_request *incoming,
		   struct exchange *exchange, struct error *err)
{
	struct request *request = &exchange->request;
	struct response *response = &exchange->response;
	const char *fault = framing_fault(incoming, &exchange->close);
	enum router_outcome outcome;
	struct route_match match;
	struct request_target target;
	struct error unjoined;
	bool joined = identify(service, incoming, exchange, &unjoined);

	exchange->close |= incoming->body_left;
	if (!request_target_read(incoming->target, request->arena, &target, err))
		return false;
	request->path = request->canonical_path = target.path;
	request->query = target.query;
	if (!rate_limit_policy_admit(service, exchange, err) || !within_sizes(incoming, err))
		return false;
	if (!joined && unjoined.kind != ERROR_BAD_REQUEST) {
		*err = unjoined;
		return false;
	}
	if (target.form == TARGET_ASTERISK && strcmp(request->method, "OPTIONS") == 0)
		return answer_options(service, NULL, request, response, err);
	if (!find_route(service, request, &outcome, &match, err))
		return err->kind == ERROR_NOT_FOUND && cors_is_preflight(request) &&
		       answer_options(service, NULL, request, response, err);
	if (strcmp(request->method, "OPTIONS") == 0)
		return answer_options(service, request->route->template, request, response, err);
	if (!parameters_read_path(request, &match, err))
		return false;
	if (outcome == ROUTE_WRONG_METHOD)
		return refuse_method(service, request, err);
	if (strcmp(request->canonical_path, request->path) != 0)
		return response_redirect(response, request, request->canonical_path, err);
	if (!within_body(incoming, err))
		return false;
	if (fault || !joined)
		return error_set(err, ERROR_BAD_REQUEST, "%s", fault ? fault : unjoined.message);
	if (!parameters_read_query(request, err) || !parameters_read_media(request, err))
		return false;
	if (request->media && request->media->bulk)
		request->deadline = deadline_after(service->bulk_budget);
	request->language = language_pick(request_value(request, "lang"),
					  request_field(request, FIELD_ACCEPT_LANGUAGE));
	return run_handler(request, response, err);
}

/* A 304 does not repeat them: the answer that the client has came with them. */
static void security_fields(struct response *response)
{
	response_field(response, "X-Content-Type-Options", "nosniff");
	response_field(response, "Referrer-Policy", "no-referrer");
	response_field(response, "Cross-Origin-Resource-Policy", "cross-origin");
	/* A second policy would not replace the first but be added to it. */
	if (!response_has_field(response, "Content-Security-Policy"))
		response_field(response, "Content-Security-Policy",
			       "default-src 'none'; frame-ancestors 'none'");
}

/* The fields that every answer has. */
static void common_fields(const struct service *service, struct exchange *exchange)
{
	struct response *response = &exchange->response;

	if (response->media_type)
		response_field(response, "Content-Type", "%s", response->media_type);
	response_field(response, "X-Request-Id", "%s", exchange->request.id);
	if (response->status != 304)
		security_fields(response);
	cors_fields(response, &exchange->request, service->config->origins);
	if (exchange->close)
		response_field(response, "Connection", "close");
}

/* Beyond the document, a problem has what its kind demands. */
static void refuse(const struct service *service, struct exchange *exchange,
		   const struct error *err)
{
	const struct request *request = &exchange->request;
	CLEANUP(buffer_free) struct buffer allow = {.maximum = ALLOW_MAXIMUM};

	problem_reply(exchange, err);
	if (err->kind != ERROR_WRONG_METHOD || !request->route || !request->arena)
		return;
	router_allow(service->routes, request->route->template, &allow);
	if (allow.bytes && !allow.failed)
		response_field(&exchange->response, "Allow", "%s", allow.bytes);
}

/* A handler's refusal of one parameter stands in `errors` like the ones found here. */
static void note_mistake(struct request *request, const struct response *response,
			 const struct error *err)
{
	char *detail;

	if (!response->mistaken || err->kind != ERROR_BAD_REQUEST || request->mistake_count > 0)
		return;
	detail = arena_copy(request->arena, err->message, strlen(err->message));
	if (detail)
		request->mistakes[request->mistake_count++] =
			(struct mistake){.parameter = response->mistaken, .detail = detail};
}

void dispatch(const struct service *service, const struct raw_request *incoming,
	      struct exchange *exchange)
{
	struct error err;

	if (!begin(service, incoming, exchange, &err)) {
		problem_reply(exchange, &err);
		return;
	}
	if (!answer(service, incoming, exchange, &err)) {
		note_mistake(&exchange->request, &exchange->response, &err);
		refuse(service, exchange, &err);
	}
	common_fields(service, exchange);
	rate_limit_policy_settle(service, exchange);
	if (!exchange->response.failed)
		return;
	error_set(&err, ERROR_INTERNAL, "The answer's fields do not fit.");
	problem_reply(exchange, &err);
	common_fields(service, exchange);
}

void exchange_close(struct exchange *exchange)
{
	response_discard(&exchange->response);
	arena_close(&exchange->request.arena);
}
