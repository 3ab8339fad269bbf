#include "server/ulfius/ulfius_bridge.h"

#include "base/config.h"
#include "base/log.h"
#include "http/observe/access_log.h"
#include "http/policy/framing.h"
#include "http/routing/dispatch.h"

#include <limits.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <ulfius.h>
#include <unistd.h>

#ifdef __SANITIZE_THREAD__
void __tsan_ignore_thread_begin(void);
void __tsan_ignore_thread_end(void);
#endif

#include "base/banned.h"

/* The connection of this thread: libmicrohttpd serves each in another thread, and Ulfius passes
 * nothing of it to its callback. */
static _Thread_local struct MHD_Connection *current;

struct ulfius_bridge {
	const struct service *service;
	struct _u_instance ulfius;
	bool has_instance, started;
};

/* libmicrohttpd's messages can hold text from clients: they are formatted once, never again. */
static void log_message(void *context, const char *format, va_list args) PRINTF_LIKE(2, 0);

static void log_message(void *context, const char *format, va_list args)
{
	char message[300];

	(void)context;
	vsnprintf(message, sizeof message, format, args);
	message[strcspn(message, "\r\n")] = '\0';
	log_write(LOG_DEBUG, "libmicrohttpd_message_received", LOG_TEXT("message", message));
}

/* A request line is complete. Returns Ulfius' state of the request. */
static void *on_target(void *context, const char *target, struct MHD_Connection *connection)
{
	(void)context;
	current = connection;
	return ulfius_uri_logger(NULL, target);
}

static enum MHD_Result add_line(void *context, enum MHD_ValueKind kind, const char *name,
				const char *value)
{
	struct raw_request *raw = context;

	(void)kind;
	if (raw->line_count == LIMIT_FIELDS)
		return MHD_NO;
	raw->lines[raw->line_count++] = (struct field){name, value ? value : ""};
	return MHD_YES;
}

/* Sets the client's address, which ulfius_bridge_pass gave to libmicrohttpd. Ulfius cuts it. */
static void read_peer(struct address *peer, struct raw_request *raw)
{
	const union MHD_ConnectionInfo *connection =
		MHD_get_connection_info(current, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	if (connection && address_of_peer(connection->client_addr, peer))
		raw->peer = peer;
}

/* The request as Ulfius has read it, for dispatch. */
static void read_request(const struct _u_request *request, struct raw_request *raw)
{
	raw->method = request->http_verb;
	raw->target = request->http_url;
	raw->version = request->http_protocol;
	clock_gettime(CLOCK_MONOTONIC, &raw->arrived);
	MHD_get_connection_values(current, MHD_HEADER_KIND, add_line, raw);
	request_fields_find(raw->lines, raw->line_count, &raw->fields);
	if (framing_read(raw) && raw->content_length == request->binary_body_length)
		raw->body = request->binary_body;
	else if (!raw->refusal.english)
		framing_refuse(raw, ERROR_BAD_REQUEST,
			       BILINGUAL("The body has another length than announced.",
					 "Le corps n’a pas la longueur annoncée."));
	raw->close = true;
}

/* Copies the response, whose body few requests have large. False when out of memory. */
static bool pass_response(const struct response *response, struct _u_response *passed)
{
	if (ulfius_set_binary_body_response(passed, (unsigned)response->status, response->body,
					    response->length) != U_OK)
		return false;
	for (size_t i = 0; i < response->field_count; i++)
		if (u_map_put(passed->map_header, response->fields[i].name,
			      response->fields[i].value) != U_OK)
			return false;
	return u_map_put(passed->map_header, "Connection", "close") == U_OK;
}

/* The only callback that Ulfius calls. */
static int respond(const struct _u_request *request, struct _u_response *response, void *context)
{
	const struct ulfius_bridge *bridge = context;
	struct raw_request raw = {0};
	struct exchange exchange = {0};
	struct address peer;
	bool passed;

	read_peer(&peer, &raw);
	read_request(request, &raw);
	dispatch(bridge->service, &raw, &exchange);
	access_log_write(bridge->service, &exchange);
	passed = pass_response(&exchange.response, response);
	exchange_close(&exchange);
	return passed ? U_CALLBACK_COMPLETE : U_CALLBACK_ERROR;
}

/* A thread for each connection. */
static bool start_daemon(struct ulfius_bridge *bridge)
{
	/* The handler's own deadline and the watchdog come first. */
	const long timeout = bridge->service->bulk_budget / 1000 + LIMIT_WRITE_SECONDS;
	struct MHD_OptionItem options[] = {
		/* First, so that messages of the start use it too. */
		{MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)log_message, NULL},
		{MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_target, NULL},
		{MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)mhd_request_completed, NULL},
		/* The connection table bounds them. At its own limit libmicrohttpd 0.9.75 would
		 * hold a lock for ever. (daemon.c, new_connection_process_) */
		{MHD_OPTION_CONNECTION_LIMIT, INT_MAX, NULL},
		{MHD_OPTION_CONNECTION_TIMEOUT, timeout, NULL},
		{MHD_OPTION_CONNECTION_MEMORY_LIMIT, LIMIT_CONNECTION_MEMORY, NULL},
		{MHD_OPTION_THREAD_STACK_SIZE, LIMIT_THREAD_STACK, NULL},
		{MHD_OPTION_END, 0, NULL},
	};

	return ulfius_start_framework_with_mhd_options(
		       &bridge->ulfius,
		       MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD |
			       MHD_USE_POLL | MHD_USE_ITC | MHD_USE_ERROR_LOG |
			       MHD_USE_NO_LISTEN_SOCKET,
		       options) == U_OK;
}

static bool prepare_instance(struct ulfius_bridge *bridge)
{
	struct _u_instance *ulfius = &bridge->ulfius;

	if (ulfius_init_instance(ulfius, 1, NULL, NULL) != U_OK)
		return false;
	bridge->has_instance = true;
	/* One byte above the limit distinguishes a full body from a truncated one: Ulfius truncates
	 * without an error. */
	ulfius->max_post_body_size = LIMIT_BODY + 1;
	ulfius->allowed_post_processor = U_POST_PROCESS_NONE;
	return ulfius_set_default_endpoint(ulfius, respond, bridge) == U_OK;
}

bool ulfius_bridge_open(const struct service *service, struct ulfius_bridge **bridge,
			struct error *err)
{
	struct ulfius_bridge *opened = calloc(1, sizeof *opened);

	if (!opened)
		return error_out_of_memory(err);
	opened->service = service;
	opened->started = prepare_instance(opened) && start_daemon(opened);
	if (opened->started) {
		*bridge = opened;
		return true;
	}
	ulfius_bridge_close(&opened);
	return error_set(err, ERROR_INTERNAL, "Ulfius did not start.");
}

void ulfius_bridge_close(struct ulfius_bridge **bridge)
{
	struct ulfius_bridge *closing = *bridge;

	if (!closing)
		return;
	if (closing->started)
		ulfius_stop_framework(&closing->ulfius);
	if (closing->has_instance)
		ulfius_clean_instance(&closing->ulfius);
	free(closing);
	*bridge = NULL;
}

/* libmicrohttpd's thread learns from a plain flag that the daemon stops, and then frees connections
 * that it has not begun with. ThreadSanitizer sees no order between that and this allocation. */
static void add_connection(struct MHD_Daemon *daemon, int descriptor,
			   const struct sockaddr_in6 *client)
{
#ifdef __SANITIZE_THREAD__
	__tsan_ignore_thread_begin();
#endif
	(void)MHD_add_connection(daemon, descriptor, (const struct sockaddr *)client,
				 sizeof *client);
#ifdef __SANITIZE_THREAD__
	__tsan_ignore_thread_end();
#endif
}

bool ulfius_bridge_pass(struct ulfius_bridge *bridge, const char *request, size_t length,
			const struct address *peer, int *relay)
{
	struct sockaddr_in6 client = {.sin6_family = peer ? AF_INET6 : AF_UNSPEC};
	int pair[2];

	if (peer)
		memcpy(&client.sin6_addr, peer->bytes, sizeof client.sin6_addr);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0)
		return false;
	/* The largest request fits the buffer of a socket. */
	if (send(pair[0], request, length, MSG_NOSIGNAL) != (ssize_t)length) {
		close(pair[0]);
		close(pair[1]);
		return false;
	}
	*relay = pair[0];
	add_connection(bridge->ulfius.mhd_daemon, pair[1], &client);
	return true;
}
