#include "http/routing/dispatch.h"

#include "base/config.h"
#include "base/moment.h"
#include "http/message/query_string.h"
#include "http/message/request_target.h"
#include "http/negotiation/language.h"
#include "http/negotiation/media_type.h"
#include "http/observe/request_id.h"
#include "http/policy/client_address.h"
#include "http/policy/cors.h"
#include "http/policy/rate_limit_policy.h"
#include "http/problem/problem.h"
#include "http/routing/parameters.h"
#include "http/routing/request_body.h"
#include "http/routing/router.h"
#include "http/routing/validators.h"

#include <string.h>

#include "base/banned.h"

/* The state of a request between the steps. */
struct passage {
	const struct service *service;
	const struct raw_request *raw;
	struct exchange *exchange;
	struct request *request;   /* the exchange's */
	struct response *response; /* the exchange's */
	enum request_target_form form;
	enum router_outcome outcome;
	struct route_match match;
	bool finished; /* the response is complete: the following steps are skipped */
};

/* Fails with the error of the request; the response is then a problem document. */
typedef bool dispatch_step(struct passage *passage, struct error *err);

/* Fills what every response needs, including a refusal. */
static bool begin_exchange(const struct passage *passage, struct error *err)
{
	const struct service *service = passage->service;
	const struct raw_request *raw = passage->raw;
	struct request *request = passage->request;

	request->application = service->application;
	request->method = raw->method;
	request->path = request->canonical_path = request->query = "";
	request->language = "en";
	request->public_url = service->config->public_url;
	request->body = raw->body;
	request->body_length = raw->body ? raw->content_length : 0;
	request->draining = atomic_load_explicit(&service->draining, memory_order_relaxed);
	request->began = raw->arrived;
	request->deadline = deadline_from(raw->arrived, service->budget);
	request->midnight = moment_today(request->today);
	moment_latest(time(NULL), request->latest_day);
	request->fields = raw->fields;
	passage->exchange->close = raw->close || (raw->content_length > 0 && !raw->body);
	request->arena = passage->response->arena = arena_open(LIMIT_ARENA);
	if (request->arena)
		return true;
	request_id_set(request->id, NULL);
	return error_out_of_memory(err);
}

/* Reads the fields that identify request and client. Those that cannot be joined count as absent,
 * with the reason in *err. */
static bool identify(const struct passage *passage, struct error *err)
{
	const struct raw_request *raw = passage->raw;
	struct request *request = passage->request;
	bool joined = request_fields_join(raw->lines, raw->line_count, request->arena,
					  &request->fields, err);

	request_id_read(passage->exchange);
	client_address_identify(&passage->service->trusted, raw->peer, passage->exchange);
	return joined;
}

/* 400, 411, 414, 431, 503, 505. Such a request counts against the client's allowance, but its
 * own error is reported even when the allowance is used up. */
static bool check_head(struct passage *passage, struct error *err)
{
	const struct raw_request *raw = passage->raw;
	struct request *request = passage->request;
	struct request_target target;
	struct error unread;
	bool readable = identify(passage, err);

	if (!request_target_read(raw->target, request->arena, &target, &unread)) {
		*err = unread;
		return false;
	}
	request->path = request->canonical_path = target.path;
	request->query = target.query;
	passage->form = target.form;
	request->language = language_pick(query_string_language(target.query),
					  request_field(request, FIELD_ACCEPT_LANGUAGE));
	if (raw->refusal.english)
		error_tell_text(err, raw->refusal_kind, raw->refusal);
	if (readable && !raw->refusal.english)
		return true;
	rate_limit_policy_charge(passage->service, passage->exchange);
	return false;
}

/* 429 */
static bool take_allowance(struct passage *passage, struct error *err)
{
	return rate_limit_policy_admit(passage->service, passage->exchange, err);
}

/* 501, which ends the connection: what such a request means is unknown. */
static bool check_method_known(struct passage *passage, struct error *err)
{
	const char *method = passage->request->method;

	if (request_method_known(method))
		return true;
	passage->exchange->close = true;
	return error_tell(err, ERROR_UNKNOWN_METHOD, "'%.20s' is not a method of HTTP.",
			  "« %.20s » n’est pas une méthode de HTTP.", method);
}

/* 204 with the methods of a template; of the whole service when it is NULL. A preflight gets
 * the fields of CORS too. (RFC 9110, section 9.3.7) */
static bool respond_to_options(struct passage *passage, const char *template, struct error *err)
{
	struct response *response = passage->response;
	const char *allow =
		router_allow(passage->service->routes, template, passage->request->arena);

	passage->finished = true;
	if (!allow)
		return error_out_of_memory(err);
	response_field(response, "Allow", "%s", allow);
	cors_preflight(response, passage->request, allow);
	return response_body(response, 204, NULL, NULL, 0, err);
}

static bool refuse_path(const struct passage *passage, const char *path, struct error *err)
{
	size_t length;
	const char *version = router_other_version(passage->service->routes, path, &length);

	if (version)
		return error_tell(err, ERROR_NOT_FOUND,
				  "This version does not exist; the service is at %.*s.",
				  "Cette version n’existe pas ; le service est à l’adresse %.*s.",
				  (int)length, version);
	return error_tell(err, ERROR_NOT_FOUND, "There is no resource at this address.",
			  "Aucune ressource n’existe à cette adresse.");
}

/* 404 */
static bool find_route(struct passage *passage, struct error *err)
{
	struct request *request = passage->request;
	const bool options = strcmp(request->method, "OPTIONS") == 0;
	char *path = arena_copy(request->arena, request->path, strlen(request->path));

	if (!path)
		return error_out_of_memory(err);
	if (options && passage->form == TARGET_ASTERISK)
		return request_body_check(passage->raw, request, err) &&
		       respond_to_options(passage, NULL, err);
	passage->outcome = request_target_normalise(path)
				   ? router_find(passage->service->routes, request->method, path,
						 &passage->match)
				   : ROUTE_UNKNOWN_PATH;
	if (passage->outcome == ROUTE_UNKNOWN_PATH && cors_is_preflight(request))
		return respond_to_options(passage, NULL, err);
	if (passage->outcome == ROUTE_UNKNOWN_PATH)
		return refuse_path(passage, path, err);
	request->route = passage->match.route;
	request->operation = request->route->operation;
	return true;
}

/* 404 of a value in the path */
static bool read_path(struct passage *passage, struct error *err)
{
	if (strcmp(passage->request->method, "OPTIONS") == 0)
		return true;
	return parameters_read_path(passage->request, &passage->match, err);
}

/* 405 */
static bool check_method_allowed(struct passage *passage, struct error *err)
{
	const struct request *request = passage->request;
	const char *allow;

	if (passage->outcome != ROUTE_WRONG_METHOD)
		return true;
	allow = router_allow(passage->service->routes, request->route->template, request->arena);
	if (!allow)
		return error_out_of_memory(err);
	return error_tell(err, ERROR_WRONG_METHOD, "This address has the methods %s.",
			  "Cette adresse accepte les méthodes %s.", allow);
}

/* 308 */
static bool redirect_to_canonical(struct passage *passage, struct error *err)
{
	const struct request *request = passage->request;

	if (strcmp(request->method, "OPTIONS") == 0 ||
	    strcmp(request->canonical_path, request->path) == 0)
		return true;
	passage->finished = true;
	return response_redirect(passage->response, request, request->canonical_path, err);
}

/* 415, 413, 400 */
static bool check_body(struct passage *passage, struct error *err)
{
	return request_body_check(passage->raw, passage->request, err);
}

static bool respond_to_route_options(struct passage *passage, struct error *err)
{
	if (strcmp(passage->request->method, "OPTIONS") != 0)
		return true;
	return respond_to_options(passage, passage->request->route->template, err);
}

/* 400, 406 */
static bool read_query(struct passage *passage, struct error *err)
{
	struct request *request = passage->request;

	if (!parameters_read_query(request, err) || !parameters_read_media(request, err))
		return false;
	if (request->media && request->media->bulk)
		request->deadline =
			deadline_from(passage->raw->arrived, passage->service->bulk_budget);
	request->language = language_pick(request_value(request, "lang"),
					  request_field(request, FIELD_ACCEPT_LANGUAGE));
	return true;
}

/* The handler's own errors, and 406 for the type of its response. */
static bool run_handler(struct passage *passage, struct error *err)
{
	const struct request *request = passage->request;
	struct response *response = passage->response;

	if (!request->route->handler(request, response, err))
		return false;
	if (response->status == 0)
		return error_set(err, ERROR_INTERNAL, "%s returned no response.",
				 request->route->operation);
	if (request->route->media)
		response_field(response, "Vary", "Accept");
	else if (response->status == 200 && response->media_type &&
		 media_type_quality(request_field(request, FIELD_ACCEPT), response->media_type) ==
			 0)
		return error_tell(err, ERROR_NOT_ACCEPTABLE,
				  "Accept allows none of the available formats: %s.",
				  "Accept n’admet aucun des formats disponibles : %s.",
				  response->media_type);
	if (response->status < 300 && parameters_find(request->route, "lang")) {
		response_field(response, "Content-Language", "%s", request->language);
		response_field(response, "Vary", "Accept-Language");
	}
	return true;
}

/* 304, 406 of the content coding */
static bool add_validators(struct passage *passage, struct error *err)
{
	return validators_add(passage->request, passage->response, err);
}

/* In the order in which errors are reported. The rate limit comes before the checks, since these
 * cost time. */
static dispatch_step *const steps[] = {
	check_head,
	take_allowance,
	check_method_known,
	find_route,
	read_path,
	check_method_allowed,
	redirect_to_canonical,
	check_body,
	respond_to_route_options,
	read_query,
	run_handler,
	add_validators,
};

static bool take_steps(struct passage *passage, struct error *err)
{
	for (size_t i = 0; i < sizeof steps / sizeof *steps && !passage->finished; i++)
		if (!steps[i](passage, err))
			return false;
	return true;
}

/* A 304 omits these: the client received them with the stored response. */
static void add_security_fields(struct response *response)
{
	response_field(response, "X-Content-Type-Options", "nosniff");
	response_field(response, "Referrer-Policy", "no-referrer");
	response_field(response, "Cross-Origin-Resource-Policy", "cross-origin");
	/* Browsers enforce each policy that they receive, so there must be only one. */
	if (!response_has_field(response, "Content-Security-Policy"))
		response_field(response, "Content-Security-Policy",
			       "default-src 'none'; frame-ancestors 'none'");
}

/* The fields of every response. */
static void add_common_fields(const struct passage *passage)
{
	struct response *response = passage->response;

	if (response->media_type)
		response_field(response, "Content-Type", "%s", response->media_type);
	response_field(response, "X-Request-Id", "%s", passage->request->id);
	if (response->status != 304)
		add_security_fields(response);
	cors_fields(response, passage->request, passage->service->config->origins);
}

/* A problem document, and the field Allow of a 405. */
static void respond_with_problem(const struct passage *passage, const struct error *err)
{
	const struct request *request = passage->request;
	const char *allow;

	problem_respond(passage->exchange, err);
	if (err->kind != ERROR_WRONG_METHOD || !request->route || !request->arena)
		return;
	allow = router_allow(passage->service->routes, request->route->template, request->arena);
	if (allow)
		response_field(passage->response, "Allow", "%s", allow);
}

/* Adds the parameter that a handler refused to the member `errors`. */
static void note_mistake(const struct passage *passage, const struct error *err)
{
	struct request *request = passage->request;
	const char *mistaken = passage->response->mistaken;
	const char *detail;

	if (!mistaken || err->kind != ERROR_BAD_REQUEST || request->mistake_count > 0)
		return;
	detail = error_in(err, request->language);
	detail = arena_copy(request->arena, detail, strlen(detail));
	if (detail)
		request->mistakes[request->mistake_count++] =
			(struct mistake){.parameter = mistaken, .detail = detail};
}

void dispatch(const struct service *service, const struct raw_request *raw,
	      struct exchange *exchange)
{
	struct passage passage = {
		.service = service,
		.raw = raw,
		.exchange = exchange,
		.request = &exchange->request,
		.response = &exchange->response,
	};
	struct error err;

	if (!begin_exchange(&passage, &err)) {
		problem_respond(exchange, &err);
		return;
	}
	if (!take_steps(&passage, &err)) {
		note_mistake(&passage, &err);
		respond_with_problem(&passage, &err);
	}
	add_common_fields(&passage);
	rate_limit_policy_settle(service, exchange);
	if (!exchange->response.failed)
		return;
	error_set(&err, ERROR_INTERNAL, "The fields of the response do not fit.");
	problem_respond(exchange, &err);
	add_common_fields(&passage);
}
