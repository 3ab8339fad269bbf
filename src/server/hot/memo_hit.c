#include "server/hot/memo_hit.h"

#include "base/config.h"
#include "http/negotiation/conditional.h"
#include "http/observe/access_log.h"
#include "http/policy/cors.h"
#include "http/observe/request_id.h"
#include "http/policy/client_address.h"
#include "http/policy/rate_limit_policy.h"
#include "http/routing/freshness.h"
#include "http/routing/route.h"
#include "server/hot/response_memo.h"

#include <string.h>

#include "base/banned.h"

/* Fills what the rate limit, the response and the log line need. */
static void begin_exchange(const struct service *service, const struct raw_request *raw,
			   const struct memo_entry *entry, char path[MEMO_TARGET],
			   struct exchange *exchange)
{
	struct request *request = &exchange->request;

	request->fields = raw->fields;
	memcpy(path, raw->target, entry->path_length);
	path[entry->path_length] = '\0';
	request->method = raw->method;
	request->path = path;
	request->route = entry->route;
	request->operation = entry->route->operation;
	request->began = raw->arrived;
	request_id_read(exchange);
	client_address_identify(&service->trusted, raw->peer, exchange);
}

static void write_head(const struct service *service, const struct memo_entry *entry,
		       const struct exchange *exchange, struct response_writer *writer)
{
	const int status = exchange->response.status;
	const char *origin = request_field(&exchange->request, FIELD_ORIGIN);
	const char *allowed = cors_allowed(service->config->origins, origin);

	response_writer_begin(writer, status);
	buffer_add(&writer->head, entry->texts, status == 304 ? entry->lasting : entry->length);
	response_writer_field(writer, "X-Request-Id", exchange->request.id);
	if (allowed) {
		response_writer_field(writer, "Access-Control-Allow-Origin", allowed);
		response_writer_field(writer, "Access-Control-Expose-Headers", cors_readable());
	}
	response_writer_end(writer, status, exchange->response.length);
}

static void write_response(const struct service *service, const struct memo_entry *entry,
			   const struct recallable *recalled, struct exchange *exchange,
			   struct response_writer *writer)
{
	const struct response_form *form = &recalled->forms[entry->coding];
	struct response *response = &exchange->response;
	bool same =
		conditional_unmodified(request_field(&exchange->request, FIELD_IF_NONE_MATCH),
				       request_field(&exchange->request, FIELD_IF_MODIFIED_SINCE),
				       entry->texts + entry->tag, entry->modified);

	response->status = same ? 304 : 200;
	response->length = form->length;
	response->origin = "hit";
	response->media_type = same ? NULL : entry->media_type;
	write_head(service, entry, exchange, writer);
	if (!same && strcmp(exchange->request.method, "HEAD") != 0) {
		writer->body = form->bytes;
		writer->length = form->length;
	}
	writer->release = recalled->release;
	writer->holder = recalled->holder;
	rate_limit_policy_settle(service, exchange);
	access_log_write(service, exchange);
}

bool memo_hit_respond(const struct service *service, const struct raw_request *raw,
		      struct response_writer *writer)
{
	struct exchange exchange = {0};
	struct memo_entry entry;
	struct recallable recalled;
	char path[MEMO_TARGET];
	struct error refusal;

	if (!service->memo || !response_memo_find(service->memo, raw, &entry) ||
	    !freshness_is_full(time(NULL), entry.ends))
		return false;
	recalled = service->recall(service->application, entry.texts + entry.key, entry.serial);
	if (!recalled.holder)
		return false;
	begin_exchange(service, raw, &entry, path, &exchange);
	/* dispatch refuses the request, since it finds the allowance used up too. */
	if (!recalled.forms[entry.coding].bytes ||
	    !rate_limit_policy_admit(service, &exchange, &refusal)) {
		recalled.release(recalled.holder);
		return false;
	}
	write_response(service, &entry, &recalled, &exchange, writer);
	return true;
}
