#include "http/fast.h"

#include "http/admission.h"
#include "http/condition.h"
#include "http/cors.h"
#include "http/forwarded.h"
#include "http/identity.h"
#include "http/shortcut.h"
#include "http/text.h"

#include <string.h>

#include "base/banned.h"

/* The fields of a request that matter here. */
struct head {
	struct selection selection;
	const char *if_none_match, *if_modified_since, *origin, *request_id, *traceparent;
	const char *forwarded_for, *forwarded, *authorization;
};

/* Finds the fields. False when one is there twice: what that means is not decided here. */
static bool read_head(const struct incoming *incoming, struct head *head)
{
	const struct {
		const char *name;
		const char **place;
	} known[] = {
		{"Accept", &head->selection.accept},
		{"Accept-Language", &head->selection.accept_language},
		{"Accept-Encoding", &head->selection.accept_encoding},
		{"If-None-Match", &head->if_none_match},
		{"If-Modified-Since", &head->if_modified_since},
		{"Origin", &head->origin},
		{"X-Request-Id", &head->request_id},
		{"traceparent", &head->traceparent},
		{"X-Forwarded-For", &head->forwarded_for},
		{"Forwarded", &head->forwarded},
		{"Authorization", &head->authorization},
	};

	*head = (struct head){.selection.target = incoming->target};
	for (size_t at = 0; at < incoming->field_count; at++) {
		const struct field *field = &incoming->fields[at];

		for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
			if (!text_same_name(field->name, known[i].name))
				continue;
			if (*known[i].place)
				return false;
			*known[i].place = field->value;
			break;
		}
	}
	return true;
}

/* What is to be known of the request before it is answered: who asks, and for what. */
static void begin_exchange(const struct service *service, const struct incoming *incoming,
			   const struct head *head, const struct shortcut *shortcut,
			   char path[SHORTCUT_TARGET], struct exchange *exchange)
{
	struct request *request = &exchange->request;

	memcpy(path, incoming->target, shortcut->path_length);
	path[shortcut->path_length] = '\0';
	request->method = incoming->method;
	request->path = path;
	request->route = shortcut->route;
	request->began = incoming->arrived;
	request_id_set(request->id, head->request_id);
	if (head->traceparent && traceparent_valid(head->traceparent))
		exchange->traceparent = head->traceparent;
	exchange->client_known = incoming->peer;
	if (incoming->peer)
		forwarded_client(&service->trusted, incoming->peer, head->forwarded_for,
				 head->forwarded, &exchange->client);
}

static void write_head(const struct service *service, const struct head *head,
		       const struct shortcut *shortcut, const struct exchange *exchange,
		       struct outgoing *outgoing)
{
	const int status = exchange->reply.status;
	const char *allowed =
		head->origin ? cors_allowed(service->config->origins, head->origin) : NULL;

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
static void give(const struct service *service, const struct head *head,
		 const struct shortcut *shortcut, const struct recalled *recalled,
		 struct exchange *exchange, struct outgoing *outgoing)
{
	const struct reply_form *form = &recalled->forms[shortcut->encoding];
	struct reply *reply = &exchange->reply;
	bool same = condition_unmodified(head->if_none_match, head->if_modified_since,
					 shortcut->texts + shortcut->tag, shortcut->modified);

	reply->status = same ? 304 : 200;
	reply->length = form->length;
	reply->origin = "hit";
	reply->media_type = same ? NULL : shortcut->media_type;
	write_head(service, head, shortcut, exchange, outgoing);
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
	struct head head;
	char path[SHORTCUT_TARGET];
	struct error refusal;

	if (!service->shortcuts || !read_head(incoming, &head) || head.authorization ||
	    !shortcut_find(service->shortcuts, &head.selection, &shortcut))
		return false;
	recalled = service->recall(service->application, shortcut.texts + shortcut.key,
				   shortcut.serial);
	if (!recalled.holder)
		return false;
	begin_exchange(service, incoming, &head, &shortcut, path, &exchange);
	/* The long way says no. To ask there again takes nothing: there is nothing left. */
	if (!recalled.forms[shortcut.encoding].bytes ||
	    !admission_ask(service, &exchange, &refusal)) {
		recalled.release(recalled.holder);
		return false;
	}
	give(service, &head, &shortcut, &recalled, &exchange, outgoing);
	return true;
}
