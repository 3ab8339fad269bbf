#include "server/ulfius/ulfius_bridge.h"

#include "server/ulfius/access.h"
#include "server/connection/linger.h"
#include "server/ulfius/shared_body.h"

#include <string.h>
#include <ulfius.h>

#include "base/banned.h"

#define CONNECTION_KEY "connection" /* in Ulfius' map of form fields, which is otherwise unused */

static struct client_connection *connection_of(struct MHD_Connection *handle)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(handle, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

/* Frees Ulfius' state of a request. */
void ulfius_bridge_end(struct client_connection *connection, enum MHD_RequestTerminationCode code)
{
	if (connection->request)
		mhd_request_completed(NULL, connection->handle, &connection->request, code);
	connection->request = NULL;
}

/* Makes Ulfius' state of a request; NULL makes the library close the connection. */
static void *begin_request(struct client_connection *connection, const char *target)
{
	struct connection_info_struct *state = ulfius_uri_logger(NULL, target);

	if (!state)
		return NULL;
	connection->request = state;
	if (u_map_put_binary(state->request->map_post_body, CONNECTION_KEY,
			     (const char *)&connection, 0, sizeof connection) == U_OK)
		return state;
	ulfius_bridge_end(connection, MHD_REQUEST_TERMINATED_WITH_ERROR);
	return NULL;
}

/* A request line is complete. */
void *ulfius_bridge_target(void *context, const char *target, struct MHD_Connection *handle)
{
	struct client_connection *connection = connection_of(handle);

	(void)context;
	if (!connection)
		return NULL;
	ulfius_bridge_end(connection, MHD_REQUEST_TERMINATED_WITH_ERROR);
	clock_gettime(CLOCK_MONOTONIC, &connection->arrived);
	connection_table_phase(connection, PHASE_READING);
	return begin_request(connection, target);
}

/* The answer is out, or the connection broke. */
void ulfius_bridge_completed(void *context, struct MHD_Connection *handle, void **state,
			     enum MHD_RequestTerminationCode code)
{
	struct client_connection *connection = connection_of(handle);

	(void)context;
	*state = NULL;
	if (!connection)
		return;
	ulfius_bridge_end(connection, code);
	if (connection->unread && code == MHD_REQUEST_TERMINATED_COMPLETED_OK)
		linger(connection->descriptor);
	connection->unread = false;
	connection_table_phase(connection, PHASE_IDLE);
}

static enum MHD_Result take_field(void *context, enum MHD_ValueKind kind, const char *name,
				  size_t name_length, const char *value, size_t value_length)
{
	struct raw_request *incoming = context;

	(void)kind;
	if (!value)
		value = "";
	if (strlen(name) != name_length || strlen(value) != value_length)
		incoming->field_nul = true;
	incoming->field_bytes += name_length + value_length + 4;
	if (incoming->field_count++ < LIMIT_FIELDS)
		incoming->fields[incoming->field_count - 1] = (struct field){name, value};
	return MHD_YES;
}

static void take_request(const struct _u_request *request, struct client_connection *connection,
			 struct raw_request *incoming)
{
	enum body_fate fate = access_body(connection->handle);

	incoming->method = request->http_verb;
	incoming->target = request->http_url;
	incoming->version = request->http_protocol;
	incoming->body = request->binary_body;
	incoming->body_length =
		fate == BODY_TOO_LARGE ? LIMIT_BODY + 1 : request->binary_body_length;
	incoming->body_left = fate != BODY_READ;
	incoming->peer = connection->peer_known ? &connection->peer : NULL;
	incoming->arrived = connection->arrived;
	MHD_get_connection_values_n(connection->handle, MHD_HEADER_KIND, take_field, incoming);
}

/* Hands the answer over; the body goes without a copy. False when out of memory. */
static bool give_reply(struct response *reply, struct _u_response *response)
{
	response->status = reply->status;
	response->binary_body = reply->body;
	response->binary_body_length = reply->length;
	if (reply->release && !shared_body_lend(reply, response))
		return false;
	reply->body = NULL;
	for (size_t i = 0; i < reply->field_count; i++)
		if (u_map_put(response->map_header, reply->fields[i].name,
			      reply->fields[i].value) != U_OK)
			return false;
	return true;
}

/* The only callback that Ulfius ever calls. */
int ulfius_bridge_answer(const struct _u_request *request, struct _u_response *response,
			 void *context)
{
	const struct service *service = context;
	const char *stored = u_map_get(request->map_post_body, CONNECTION_KEY);
	struct raw_request incoming = {0};
	struct exchange exchange = {0};
	struct client_connection *connection;
	bool given;

	if (!stored)
		return U_CALLBACK_ERROR;
	memcpy(&connection, stored, sizeof connection);
	connection_table_phase(connection, PHASE_ANSWERING);
	take_request(request, connection, &incoming);
	dispatch(service, &incoming, &exchange);
	/* Asked now: draining may have begun while the handler worked. */
	if (atomic_load(&service->draining) && !exchange.close)
		response_field(&exchange.response, "Connection", "close");
	connection->unread = incoming.body_left;
	given = give_reply(&exchange.response, response);
	access_log_write(service, &exchange);
	exchange_close(&exchange);
	connection_table_phase(connection, PHASE_WRITING);
	return given ? U_CALLBACK_COMPLETE : U_CALLBACK_ERROR;
}
