#include "http/fast.h"

#include "http/admission.h"
#include "http/condition.h"
#include "http/cors.h"
#include "http/date.h"
#include "http/forwarded.h"
#include "http/identity.h"
#include "http/shortcut.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/banned.h"

/* The fields of a request that matter here. */
struct head {
	struct selection selection;
	const char *if_none_match, *if_modified_since, *origin, *request_id, *traceparent;
	const char *forwarded_for, *forwarded;
	size_t count, bytes;
	unsigned hosts;
	bool unusual;
};

struct fast {
	struct connection *connection;
	struct recalled recalled;
	struct shortcut shortcut;
	struct head head;
	struct exchange exchange; /* for its counts and its line in the log */
	char path[SHORTCUT_TARGET];
};

/* Takes a value once; a second line of the same name is unusual. */
static void take(struct head *head, const char **place, const char *value)
{
	head->unusual |= *place != NULL;
	*place = value;
}

static enum MHD_Result look_at(void *context, enum MHD_ValueKind kind, const char *name,
			       size_t name_length, const char *value, size_t value_length)
{
	/* These change what is answered, or how the connection goes on. */
	static const char *const unusual[] = {
		"Authorization", "Content-Length", "Transfer-Encoding", "Connection",
		"Expect",	 "Upgrade",	   "Trailer",		"TE",
	};
	struct head *head = context;
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
	};

	(void)kind;
	if (!value)
		value = "";
	head->count++;
	head->bytes += name_length + value_length + 4;
	if (strlen(name) != name_length || strlen(value) != value_length)
		head->unusual = true;
	if (strcasecmp(name, "Host") == 0) {
		head->hosts++;
		return MHD_YES;
	}
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcasecmp(name, known[i].name) == 0) {
			take(head, known[i].place, value);
			return MHD_YES;
		}
	for (size_t i = 0; i < sizeof unusual / sizeof *unusual; i++)
		if (strcasecmp(name, unusual[i]) == 0)
			head->unusual |= strcasecmp(name, "Connection") != 0 ||
					 strcasecmp(value, "keep-alive") != 0;
	return MHD_YES;
}

/* What needs the long way, whatever its head says. */
static bool must_take_the_long_way(const struct service *service,
				   const struct connection *connection, const char *method,
				   const char *version)
{
	return !service->shortcuts || !*connection->target ||
	       (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) ||
	       strcmp(version, "HTTP/1.1") != 0 ||
	       atomic_load_explicit(&service->draining, memory_order_relaxed);
}

static bool is_usual(const struct head *head)
{
	return !head->unusual && head->hosts == 1 && head->count <= LIMIT_FIELDS &&
	       head->bytes <= LIMIT_FIELD_BYTES;
}

/* What is to be known of the request before it is answered: who asks, and for what. */
static void begin_exchange(const struct service *service, struct fast *fast, const char *method)
{
	const struct connection *connection = fast->connection;
	const struct head *head = &fast->head;
	struct exchange *exchange = &fast->exchange;
	struct request *request = &exchange->request;

	*exchange = (struct exchange){.client_known = connection->peer_known};
	memcpy(fast->path, connection->target, fast->shortcut.path_length);
	fast->path[fast->shortcut.path_length] = '\0';
	request->method = strcmp(method, "HEAD") == 0 ? "HEAD" : "GET";
	request->path = fast->path;
	request->route = fast->shortcut.route;
	request->began = connection->arrived;
	request_id_set(request->id, head->request_id);
	if (head->traceparent && traceparent_valid(head->traceparent))
		exchange->traceparent = head->traceparent;
	if (exchange->client_known)
		forwarded_client(&service->trusted, &connection->peer, head->forwarded_for,
				 head->forwarded, &exchange->client);
}

struct fast *fast_find(const struct service *service, struct connection *connection,
		       const char *method, const char *version)
{
	struct fast *fast;
	struct error refusal;

	if (must_take_the_long_way(service, connection, method, version))
		return NULL;
	fast = malloc(sizeof *fast);
	if (!fast)
		return NULL;
	fast->head = (struct head){.selection.target = connection->target};
	fast->recalled.holder = NULL;
	MHD_get_connection_values_n(connection->handle, MHD_HEADER_KIND, look_at, &fast->head);
	if (is_usual(&fast->head) &&
	    shortcut_find(service->shortcuts, &fast->head.selection, &fast->shortcut))
		fast->recalled = service->recall(service->application, fast->shortcut.key,
						 fast->shortcut.serial);
	if (!fast->recalled.holder || !fast->recalled.forms[fast->shortcut.encoding].bytes) {
		fast_drop(&fast);
		return NULL;
	}
	fast->connection = connection;
	begin_exchange(service, fast, method);
	/* The long way says no. To ask there again takes nothing: there is nothing left. */
	if (!admission_ask(service, &fast->exchange, &refusal))
		fast_drop(&fast);
	return fast;
}

void fast_drop(struct fast **fast)
{
	if (*fast && (*fast)->recalled.holder)
		(*fast)->recalled.release((*fast)->recalled.holder);
	free(*fast);
	*fast = NULL;
}

static bool add_fields(struct MHD_Response *response, const struct shortcut *shortcut,
		       unsigned count)
{
	const char *at = shortcut->fields;

	for (unsigned i = 0; i < count; i++) {
		const char *value = at + strlen(at) + 1;

		if (MHD_add_response_header(response, at, value) != MHD_YES)
			return false;
		at = value + strlen(value) + 1;
	}
	return true;
}

/* The fields that are this request's own. */
static bool add_own_fields(const struct service *service, struct MHD_Response *response,
			   const struct fast *fast)
{
	const char *origin = fast->head.origin;
	const char *allowed = origin ? cors_allowed(service->config->origins, origin) : NULL;

	if (MHD_add_response_header(response, "X-Request-Id", fast->exchange.request.id) != MHD_YES)
		return false;
	/* Draining may have begun while the answer was looked for. */
	if (atomic_load_explicit(&service->draining, memory_order_relaxed) &&
	    MHD_add_response_header(response, "Connection", "close") != MHD_YES)
		return false;
	return !allowed || (MHD_add_response_header(response, "Access-Control-Allow-Origin",
						    allowed) == MHD_YES &&
			    MHD_add_response_header(response, "Access-Control-Expose-Headers",
						    cors_readable()) == MHD_YES);
}

/* The allowance, the line and the counts are those of any other request. */
static void settle(const struct service *service, struct fast *fast, int status, size_t length)
{
	struct reply *reply = &fast->exchange.reply;

	reply->status = status;
	reply->length = length;
	reply->origin = "hit";
	reply->media_type = status == 304 ? NULL : fast->shortcut.media_type;
	admission_settle(service, &fast->exchange);
	exchange_log(service, &fast->exchange);
}

bool fast_give(const struct service *service, struct fast *fast)
{
	const struct shortcut *shortcut = &fast->shortcut;
	/* A copy: it lies in what the response may free. */
	const struct reply_form form = fast->recalled.forms[shortcut->encoding];
	bool same = condition_unmodified(fast->head.if_none_match, fast->head.if_modified_since,
					 shortcut->fields + shortcut->tag, shortcut->modified);
	int status = same ? 304 : 200;
	struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(
		form.length, (void *)(uintptr_t)form.bytes, fast->recalled.release,
		fast->recalled.holder);
	bool given;

	if (!response) {
		fast_drop(&fast);
		return false;
	}
	/* The response's from here on. */
	fast->recalled.holder = NULL;
	given = add_fields(response, shortcut, same ? shortcut->lasting : shortcut->field_count) &&
		add_own_fields(service, response, fast) &&
		MHD_queue_response(fast->connection->handle, (unsigned)status, response) == MHD_YES;
	MHD_destroy_response(response);
	settle(service, fast, status, form.length);
	fast_drop(&fast);
	return given;
}
