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
static bool read_fields(const struct incoming *incoming, struct request *request,
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
static void begin_exchange(const struct service *service, const struct incoming *incoming,
			   const struct shortcut *shortcut, char path[SHORTCUT_TARGET],
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
	if (traceparent && traceparent_valid(traceparent))
		exchange->traceparent = traceparent;
	exchange->client_known = incoming->peer;
	if (incoming->peer)
		forwarded_client(&service->trusted, incoming->peer,
				 request_field(request, FIELD_X_FORWARDED_FOR),
				 request_field(request, FIELD_FORWARDED), &exchange->client);
}

static void write_head(const struct service *service, const struct shortcut *shortcut,
		       const struct exchange *exchange, struct outgoing *outgoing)
{
	const int status = exchange->reply.status;
	const char *origin = request_field(&exchange->request, FIELD_ORIGIN);
	const char *allowed = origin ? cors_allowed(service->config->origins, origin) : NULL;

	outgoing_begin(outgoing, status);
	buffer_add(&outgoing->head, shortcut->texts,
		   status == 304 ? shortcut->lasting : shortcut->length);
	outgoing_field(outgoing, "X-Request-Id", exchange->request.id);
	if (allowed) {
		outgoing_field(outgoing, "Access-Control-Allow-Origin", allowed);
		outgoing_field(outgoing, "Access-Control-Expose-Headers", cors_readable());
	}
	outgoing_end(outgoing, status, exchange->reply.length);
}

/* The allowance, the line and the counts are those of any other request. */
static void give(const struct service *service, const struct shortcut *shortcut,
		 const struct recalled *recalled, struct exchange *exchange,
		 struct outgoing *outgoing)
{
	const struct reply_form *form = &recalled->forms[shortcut->encoding];
	struct reply *reply = &exchange->reply;
	bool same = condition_unmodified(request_field(&exchange->request, FIELD_IF_NONE_MATCH),
					 request_field(&exchange->request, FIELD_IF_MODIFIED_SINCE),
					 shortcut->texts + shortcut->tag, shortcut->modified);

	reply->status = same ? 304 : 200;
	reply->length = form->length;
	reply->origin = "hit";
	reply->media_type = same ? NULL : shortcut->media_type;
	write_head(service, shortcut, exchange, outgoing);
	if (!same && strcmp(exchange->request.method, "HEAD") != 0) {
		outgoing->body = form->bytes;
		outgoing->length = form->length;
	}
	outgoing->release = recalled->release;
	outgoing->holder = recalled->holder;
	admission_settle(service, exchange);
	exchange_log(service, exchange);
}

bool fast_answer(const struct service *service, const struct incoming *incoming,
		 struct outgoing *outgoing)
{
	struct exchange exchange = {0};
	struct shortcut shortcut;
	struct recalled recalled;
	struct selection selection;
	char path[SHORTCUT_TARGET];
	struct error refusal;

	if (!service->shortcuts || !read_fields(incoming, &exchange.request, &selection) ||
	    !shortcut_find(service->shortcuts, &selection, &shortcut))
		return false;
	recalled = service->recall(service->application, shortcut.texts + shortcut.key,
				   shortcut.serial);
	if (!recalled.holder)
		return false;
	begin_exchange(service, incoming, &shortcut, path, &exchange);
	/* The long way says no. To ask there again takes nothing: there is nothing left. */
	if (!recalled.forms[shortcut.encoding].bytes ||
	    !admission_ask(service, &exchange, &refusal)) {
		recalled.release(recalled.holder);
		return false;
	}
	give(service, &shortcut, &recalled, &exchange, outgoing);
	return true;
}
