#include "server/ulfius/ulfius_bridge.h"

#include "base/config.h"
#include "base/log.h"
#include "http/message/sanitize.h"
#include "http/observe/access_log.h"
#include "http/policy/framing.h"
#include "http/routing/dispatch.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <ulfius.h>
#include <unistd.h>

#include "base/banned.h"

/* One request. */
struct upload {
	int descriptor; /* libmicrohttpd's end of the pair */
	struct address peer;
	bool peer_known;
	struct timespec arrived;       /* CLOCK_MONOTONIC */
	struct MHD_Connection *handle; /* set once libmicrohttpd has the request line */
	void *state;		       /* Ulfius' state of the request, NULL before and after */
	struct upload *next;
};

/* The upload of this thread: libmicrohttpd serves each connection in another thread, and Ulfius
 * passes nothing of the connection to its callback. */
static _Thread_local struct upload *current;

struct ulfius_bridge {
	const struct service *service;
	struct _u_instance ulfius;
	bool has_instance, started;
	pthread_mutex_t lock;
	struct upload *first; /* passed and not completed; guarded by the lock */
};

/* libmicrohttpd's messages can hold text from clients: they are formatted once, never again. */
static void log_message(void *context, const char *format, va_list args) PRINTF_LIKE(2, 0);

static void log_message(void *context, const char *format, va_list args)
{
	char message[300];

	(void)context;
	vsnprintf(message, sizeof message, format, args);
	message[strcspn(message, "\r\n")] = '\0';
	sanitize_text(message);
	log_write(LOG_DEBUG, "libmicrohttpd", LOG_TEXT("message", message));
}

/* Called with the lock held. */
static struct upload **find_upload(struct ulfius_bridge *bridge, int descriptor)
{
	struct upload **link = &bridge->first;

	while (*link && (*link)->descriptor != descriptor)
		link = &(*link)->next;
	return link;
}

/* The upload that libmicrohttpd begins with, which it knows by its descriptor. */
static struct upload *start_upload(struct ulfius_bridge *bridge, int descriptor)
{
	struct upload *upload;

	pthread_mutex_lock(&bridge->lock);
	upload = *find_upload(bridge, descriptor);
	pthread_mutex_unlock(&bridge->lock);
	return upload;
}

/* Called with the lock held. */
static void free_upload(struct upload **link)
{
	struct upload *upload = *link;

	*link = upload->next;
	free(upload);
}

/* Frees Ulfius' state of a request. */
static void end_request(struct upload *upload, struct MHD_Connection *handle,
			enum MHD_RequestTerminationCode code)
{
	if (upload->state)
		mhd_request_completed(NULL, handle, &upload->state, code);
	upload->state = NULL;
}

static void on_connection(void *context, struct MHD_Connection *handle, void **socket_context,
			  enum MHD_ConnectionNotificationCode code)
{
	struct ulfius_bridge *bridge = context;
	const union MHD_ConnectionInfo *info;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		info = MHD_get_connection_info(handle, MHD_CONNECTION_INFO_CONNECTION_FD);
		*socket_context = info ? start_upload(bridge, info->connect_fd) : NULL;
	} else if (*socket_context) {
		/* libmicrohttpd does not call on_completed when its memory runs out. */
		end_request(*socket_context, handle, MHD_REQUEST_TERMINATED_WITH_ERROR);
		pthread_mutex_lock(&bridge->lock);
		free_upload(find_upload(bridge, ((struct upload *)*socket_context)->descriptor));
		pthread_mutex_unlock(&bridge->lock);
		*socket_context = NULL;
	}
}

static struct upload *upload_of(struct MHD_Connection *handle)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(handle, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

/* A request line is complete. NULL makes libmicrohttpd close the connection. */
static void *on_target(void *context, const char *target, struct MHD_Connection *handle)
{
	struct upload *upload = upload_of(handle);

	(void)context;
	if (!upload || upload->state)
		return NULL;
	upload->state = ulfius_uri_logger(NULL, target);
	upload->handle = handle;
	current = upload;
	return upload->state;
}

/* The response is sent, or the connection broke. */
static void on_completed(void *context, struct MHD_Connection *handle, void **state,
			 enum MHD_RequestTerminationCode code)
{
	struct upload *upload = upload_of(handle);

	(void)context;
	*state = NULL;
	if (upload)
		end_request(upload, handle, code);
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

/* The request as Ulfius has read it, for dispatch. */
static void read_request(const struct _u_request *request, const struct upload *upload,
			 struct MHD_Connection *handle, struct raw_request *raw)
{
	raw->method = request->http_verb;
	raw->target = request->http_url;
	raw->version = request->http_protocol;
	raw->peer = upload->peer_known ? &upload->peer : NULL;
	raw->arrived = upload->arrived;
	MHD_get_connection_values(handle, MHD_HEADER_KIND, add_line, raw);
	request_fields_find(raw->lines, raw->line_count, &raw->fields);
	if (framing_read(raw) && raw->content_length == request->binary_body_length)
		raw->body = request->binary_body;
	else if (!raw->refusal.english)
		framing_refuse(raw, ERROR_BAD_REQUEST,
			       BILINGUAL("The body has another length than announced.",
					 "Le corps n’a pas la longueur annoncée."));
	raw->close = true;
}

/* A reference-counted body, which Ulfius gets without a copy. */
struct shared_body {
	struct _u_response *passed;
	void (*release)(void *holder);
	void *holder;
};

/* Ulfius calls this when the response is queued, before it frees the response's body; libmicrohttpd
 * has copied it then. */
static void return_body(void *shared)
{
	struct shared_body *body = shared;

	body->passed->binary_body = NULL;
	body->passed->binary_body_length = 0;
	body->release(body->holder);
	free(body);
}

/* Passes the response on, whose body is not copied. False when out of memory. */
static bool pass_response(struct response *response, struct _u_response *passed)
{
	struct shared_body *shared = response->release ? malloc(sizeof *shared) : NULL;

	if (response->release && !shared)
		return false;
	passed->status = (unsigned)response->status;
	passed->binary_body = response->body;
	passed->binary_body_length = response->length;
	if (shared) {
		*shared = (struct shared_body){passed, response->release, response->holder};
		passed->shared_data = shared;
		passed->free_shared_data = return_body;
		response->release = NULL;
	}
	response->body = NULL;
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
	const struct upload *upload = current;
	struct raw_request raw = {0};
	struct exchange exchange = {0};
	bool passed;

	read_request(request, upload, upload->handle, &raw);
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
		{MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, bridge},
		{MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)on_target, bridge},
		{MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, bridge},
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
	pthread_mutex_init(&opened->lock, NULL);
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
	while (closing->first)
		free_upload(&closing->first);
	pthread_mutex_destroy(&closing->lock);
	free(closing);
	*bridge = NULL;
}

/* Adds an upload before libmicrohttpd can begin with it. */
static bool add_upload(struct ulfius_bridge *bridge, int descriptor, const struct address *peer)
{
	struct upload *made = calloc(1, sizeof *made), **same;

	if (!made)
		return false;
	made->descriptor = descriptor;
	made->peer_known = peer;
	if (peer)
		made->peer = *peer;
	clock_gettime(CLOCK_MONOTONIC, &made->arrived);
	pthread_mutex_lock(&bridge->lock);
	/* libmicrohttpd closed that descriptor without a callback: it had no thread for it. */
	same = find_upload(bridge, descriptor);
	if (*same)
		free_upload(same);
	made->next = bridge->first;
	bridge->first = made;
	pthread_mutex_unlock(&bridge->lock);
	return true;
}

bool ulfius_bridge_pass(struct ulfius_bridge *bridge, const char *request, size_t length,
			const struct address *peer, int *relay)
{
	const struct sockaddr_un none = {.sun_family = AF_UNIX};
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0)
		return false;
	/* The largest request fits the buffer of a socket. */
	if (send(pair[0], request, length, MSG_NOSIGNAL) != (ssize_t)length ||
	    !add_upload(bridge, pair[1], peer)) {
		close(pair[0]);
		close(pair[1]);
		return false;
	}
	*relay = pair[0];
	(void)MHD_add_connection(bridge->ulfius.mhd_daemon, pair[1], (const struct sockaddr *)&none,
				 sizeof none);
	return true;
}
