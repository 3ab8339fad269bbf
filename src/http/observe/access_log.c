#include "http/observe/access_log.h"

#include "base/cleanup.h"
#include "base/deadline.h"
#include "base/log.h"
#include "base/buffer.h"
#include "base/config.h"
#include "http/observe/request_metrics.h"
#include "http/message/request_target.h"

#include <string.h>

#include "base/banned.h"

static enum log_level level_of(const struct service *service, const struct exchange *exchange)
{
	int status = exchange->response.status;

	if (status >= 500 && *exchange->problem)
		return LOG_ERROR;
	return service->quiet && status < 400 ? LOG_DEBUG : LOG_INFO;
}

/* Returns the client in the form that the settings select; "" when it is unknown. */
static const char *show_client(const struct service *service, const struct exchange *exchange,
			       char text[ADDRESS_TEXT])
{
	const char *form = service->config->log_addresses;

	*text = '\0';
	if (strcmp(form, "none") == 0)
		return NULL;
	if (exchange->client_known && strcmp(form, "full") == 0)
		address_text(&exchange->client, text);
	else if (exchange->client_known)
		address_network(&exchange->client, text);
	return text;
}

void access_log_write(const struct service *service, const struct exchange *exchange)
{
	const struct request *request = &exchange->request;
	const struct response *response = &exchange->response;
	CLEANUP(buffer_free) struct buffer path = {0};
	char client[ADDRESS_TEXT];
	const uint64_t microseconds = deadline_microseconds_since(request->began);
	/* HEAD and 304 do not send the body that Content-Length describes. */
	const bool sent = response->status != 304 && strcmp(request->method, "HEAD") != 0;
	const size_t bytes = sent ? response->length : 0;
	int length;

	request_metrics_count(service->metrics, request->operation, response->status,
			      response->media_type, bytes, microseconds);
	request_target_encode(&path, request->path);
	length = path.length < LIMIT_LOGGED_PATH ? (int)path.length : LIMIT_LOGGED_PATH;
	if (path.bytes)
		path.bytes[length] = '\0';
	log_write(
		level_of(service, exchange), "request_completed",
		LOG_TEXT("method", request_method_known(request->method) ? request->method : NULL),
		LOG_TEXT("operation", request->operation),
		LOG_TEXT("path", path.failed ? NULL : path.bytes),
		LOG_NUMBER("status", response->status), LOG_NUMBER("bytes", bytes),
		LOG_TEXT("representation", request_metrics_format(response->media_type)),
		LOG_TEXT("cache", response->origin ? response->origin : "none"),
		LOG_NUMBER("microseconds", microseconds), LOG_TEXT("request_id", request->id),
		LOG_TEXT("client", show_client(service, exchange, client)),
		LOG_TEXT("traceparent", exchange->traceparent),
		LOG_TEXT("problem", *exchange->problem ? exchange->problem : NULL));
}
