/*
 * exchange_log: the log line of a request.
 */
#include "base/cleanup.h"
#include "base/deadline.h"
#include "base/log.h"
#include "base/strings.h"
#include "http/exchange.h"
#include "http/router.h"
#include "http/target.h"

#include <string.h>

#include "base/banned.h"

void exchange_log(const struct exchange *exchange)
{
	const struct request *request = &exchange->request;
	const struct reply *reply = &exchange->reply;
	CLEANUP(buffer_free) struct buffer path = {0};
	char client[ADDRESS_TEXT] = "";
	int length;

	if (exchange->client_known)
		address_network(&exchange->client, client);
	target_encode(&path, request->path);
	length = path.length < LIMIT_LOGGED_PATH ? (int)path.length : LIMIT_LOGGED_PATH;
	if (path.bytes)
		path.bytes[length] = '\0';
	log_write(reply->status >= 500 && *exchange->problem ? LOG_ERROR : LOG_INFO, "request",
		  LOG_TEXT("method", method_known(request->method) ? request->method : NULL),
		  LOG_TEXT("operation", request->route ? request->route->operation : NULL),
		  LOG_TEXT("path", path.failed ? NULL : path.bytes),
		  LOG_NUMBER("status", reply->status),
		  LOG_NUMBER("bytes", strcmp(request->method, "HEAD") == 0 ? 0 : reply->length),
		  LOG_NUMBER("microseconds", microseconds_since(request->began)),
		  LOG_TEXT("request_id", request->id), LOG_TEXT("client", client),
		  LOG_TEXT("traceparent", exchange->traceparent),
		  LOG_TEXT("problem", *exchange->problem ? exchange->problem : NULL));
}
