#include "server/hot/memo_hit.h"

#include "http/policy/rate_limit_policy.h"
#include "http/negotiation/conditional.h"
#include "http/policy/cors.h"
#include "http/policy/client_address.h"
#include "http/observe/request_id.h"
#include "server/hot/response_memo.h"

#include <string.h>

#include "base/banned.h"

/* False for a field that is sent in several lines: what that means is not decided here. */
static bool read_fields(const struct raw_request *incoming, struct request *request,
			struct selection *selection)
{
	request_fields_find(incoming->fields, incoming->field_count, &request->fields);
	*selection = (struct selection){
		.target = incoming->target,
		.accept = request_field(request, FIELD_ACCEPT),
		.accept_language = request_field(request, FIELD_ACCEPT_LANGUAGE),
		.accept_encoding = request_field(request, FIELD_ACCEPT_ENCODING),
	};
	return request->fields.repeated == 0 && !request_field(request, FIELD_AUTHORIZATION);
}

/* What is to be known of the request before it is answered: who asks, and for what. */
static void begin_exchange(const struct service *service, const struct raw_request *incoming,
			   const struct memo_entry *shortcut, char path[SHORTCUT_TARGET],
			   struct exchange *exchange)
{
	struct request *request = &exchange->request;
	const char *traceparent = request_field(request, FIELD_TRACEPARENT);

	memcpy(path, incoming->target, shortcut->path_length);
	path[shortcut->path_length] = '\0';
	request->method = incoming->method;
	request->path = path;
	request->route = shortcut->route;
	request->began = incoming->arrived;
	request_id_set(request->id, request_field(request, FIELD_X_REQUEST_ID));
	if (traceparent && request_id_traceparent_valid(traceparent))
		exchange->traceparent = traceparent;
	exchange->client_known = incoming->peer;
	if (incoming->peer)
		client_address_find(&service->trusted, incoming->peer,
				    request_field(request, FIELD_X_FORWARDED_FOR),
				    request_field(request, FIELD_FORWARDED), &exchange->client);
}

static void write_head(const struct service *service, const struct memo_entry *shortcut,
		       const struct exchange *exchange, struct response_writer *outgoing)
{
	const int status = exchange->response.status;
	const char *origin = request_field(&exchange->request, FIELD_ORIGIN);
	const char *allowed = origin ? cors_allowed(service->config->origins, origin) : NULL;

	response_writer_begin(outgoing, status);
	buffer_add(&outgoing->head, shortcut->texts,
		   status == 304 ? shortcut->lasting : shortcut->length);
	response_writer_field(outgoing, "X-Request-Id", exchange->request.id);
	if (allowed) {
		response_writer_field(outgoing, "Access-Control-Allow-Origin", allowed);
		response_writer_field(outgoing, "Access-Control-Expose-Headers", cors_readable());
	}
	response_writer_end(outgoing, status, exchange->response.length);
}

/* The allowance, the line and the counts are those of any other request. */
static void give(const struct service *service, const struct memo_entry *shortcut,
		 const struct recallable *recalled, struct exchange *exchange,
		 struct response_writer *outgoing)
{
	const struct response_form *form = &recalled->forms[shortcut->coding];
	struct response *response = &exchange->response;
	bool same =
		conditional_unmodified(request_field(&exchange->request, FIELD_IF_NONE_MATCH),
				       request_field(&exchange->request, FIELD_IF_MODIFIED_SINCE),
				       shortcut->texts + shortcut->tag, shortcut->modified);

	response->status = same ? 304 : 200;
	response->length = form->length;
	response->origin = "hit";
	response->media_type = same ? NULL : shortcut->media_type;
	write_head(service, shortcut, exchange, outgoing);
	if (!same && strcmp(exchange->request.method, "HEAD") != 0) {
		outgoing->body = form->bytes;
		outgoing->length = form->length;
	}
	outgoing->release = recalled->release;
	outgoing->holder = recalled->holder;
	rate_limit_policy_settle(service, exchange);
	access_log_write(service, exchange);
}

bool memo_hit_answer(const struct service *service, const struct raw_request *incoming,
		     struct response_writer *outgoing)
{
	struct exchange exchange = {0};
	struct memo_entry shortcut;
	struct recallable recalled;
	struct selection selection;
	char path[SHORTCUT_TARGET];
	struct error refusal;

	if (!service->shortcuts || !read_fields(incoming, &exchange.request, &selection) ||
	    !response_memo_find(service->shortcuts, &selection, &shortcut))
		return false;
	recalled = service->recall(service->application, shortcut.texts + shortcut.key,
				   shortcut.serial);
	if (!recalled.holder)
		return false;
	begin_exchange(service, incoming, &shortcut, path, &exchange);
	/* The long way says no. To ask there again takes nothing: there is nothing left. */
	if (!recalled.forms[shortcut.coding].bytes ||
	    !rate_limit_policy_admit(service, &exchange, &refusal)) {
		recalled.release(recalled.holder);
		return false;
	}
	give(service, &shortcut, &recalled, &exchange, outgoing);
	return true;
}
