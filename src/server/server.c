#include "server/server.h"

#include "base/config_check.h"
#include "base/log.h"
#include "server/ulfius/access.h"
#include "server/connection/connection_table.h"
#include "server/file_limit.h"
#include "server/loop/loop_group.h"
#include "http/message/exchange.h"
#include "server/listener.h"
#include "server/ulfius/ulfius_bridge.h"
#include "server/hot/response_memo.h"
#include "http/message/sanitize.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <ulfius.h>
#include <unistd.h>

#include "base/banned.h"

enum {
	/* Beyond the limit, for those that are about to go. */
	SPARE_CONNECTIONS = 64,
	/* Standard streams, listeners, the few connections for metrics, what libraries open; each
	 * database connection has one. */
	OTHER_DESCRIPTORS = 144,
};

struct server {
	struct service service;
	struct connection_table *connections;
	struct loop_group *entrance;
	struct _u_instance ulfius;
	int port, listener; /* listener: -1 when there is none */
	bool has_instance, started;
};

/* The library's messages can hold what a client sent: they are formatted once, never again. */
static void log_from_library(void *context, const char *format, va_list args) PRINTF_LIKE(2, 0);

static void log_from_library(void *context, const char *format, va_list args)
{
	char message[300];

	(void)context;
	vsnprintf(message, sizeof message, format, args);
	message[strcspn(message, "\r\n")] = '\0';
	sanitize_text(message);
	log_write(LOG_DEBUG, "libmicrohttpd", LOG_TEXT("message", message));
}

static void on_connection(void *context, struct MHD_Connection *handle, void **socket_context,
			  enum MHD_ConnectionNotificationCode code)
{
	struct server *server = context;
	struct client_connection *connection;
	const union MHD_ConnectionInfo *info;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		info = MHD_get_connection_info(handle, MHD_CONNECTION_INFO_CONNECTION_FD);
		connection =
			info ? connection_table_adopt(server->connections, info->connect_fd) : NULL;
		*socket_context = connection;
		if (!connection)
			return;
		connection->handle = handle;
		connection_table_phase(connection, PHASE_READING);
	} else if (*socket_context) {
		/* The library forgets on_completed when a head does not fit its memory. */
		ulfius_bridge_end(*socket_context, MHD_REQUEST_TERMINATED_WITH_ERROR);
		connection_table_remove(server->connections, *socket_context);
		*socket_context = NULL;
	}
}

/* Gives the library a connection whose request is not plain. It closes it sooner or later, and when
 * it cannot take it, at once: then it never begins with it. */
static bool hand_over(void *context, struct client_connection *connection)
{
	struct server *server = context;
	struct sockaddr_storage peer;
	socklen_t length = sizeof peer;

	if (getpeername(connection->descriptor, (struct sockaddr *)&peer, &length) != 0)
		return false;
	connection_table_hand_over(server->connections, connection);
	(void)MHD_add_connection(server->ulfius.mhd_daemon, connection->descriptor,
				 (struct sockaddr *)&peer, length);
	return true;
}

/* A thread for each connection that it is given. */
static bool start_library(struct server *server)
{
	const struct config *config = server->service.config;
	/* The watchdog sees to idle clients; this one must not expire while a handler works. */
	long longest = server->service.bulk_budget / 1000;
	long timeout = config->idle_timeout + longest + LIMIT_WRITE_SECONDS;
	struct MHD_OptionItem options[] = {
		/* First, so that start-up messages use it too. */
		{MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)log_from_library, NULL},
		{MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, server},
		{MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)ulfius_bridge_target, server},
		{MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)ulfius_bridge_completed, server},
		/* Who may come in was decided before. At its limit libmicrohttpd 0.9.75 would keep
		 * a lock for ever. (daemon.c, new_connection_process_) */
		{MHD_OPTION_CONNECTION_LIMIT, INT_MAX, NULL},
		{MHD_OPTION_CONNECTION_TIMEOUT, timeout, NULL},
		{MHD_OPTION_CONNECTION_MEMORY_LIMIT, LIMIT_CONNECTION_MEMORY, NULL},
		{MHD_OPTION_THREAD_STACK_SIZE, LIMIT_THREAD_STACK, NULL},
		{MHD_OPTION_END, 0, NULL},
	};

	return ulfius_start_framework_with_mhd_options(
		       &server->ulfius,
		       MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD |
			       MHD_USE_POLL | MHD_USE_ITC | MHD_USE_ERROR_LOG |
			       MHD_USE_NO_LISTEN_SOCKET,
		       options) == U_OK;
}

static bool prepare_ulfius(struct server *server)
{
	struct _u_instance *ulfius = &server->ulfius;

	if (ulfius_init_instance(ulfius, (unsigned)server->port, NULL, NULL) != U_OK)
		return false;
	server->has_instance = true;
	/* One byte above the limit tells "full" from "cut off": Ulfius truncates silently. */
	ulfius->max_post_body_size = LIMIT_BODY + 1;
	ulfius->allowed_post_processor = U_POST_PROCESS_NONE;
	return ulfius_set_default_endpoint(ulfius, ulfius_bridge_answer, &server->service) == U_OK;
}

static long most_of_client(const struct config *config)
{
	if (config->client_connections > 0)
		return config->client_connections;
	return config->connections > 1 ? config->connections / 2 : 1;
}

/* What bounds clients: who they are, how much they may ask, how often they may connect. */
static bool open_limits(struct server *server, struct error *err)
{
	struct service *service = &server->service;
	const struct config *config = service->config;
	const long others =
		SPARE_CONNECTIONS + OTHER_DESCRIPTORS + config->pool + config->primary_pool;
	const struct connection_limits limits = {
		.idle = config->idle_timeout * 1000,
		.most = config->connections,
		.spare = SPARE_CONNECTIONS,
		.most_of_client = most_of_client(config),
		.trusted = &service->trusted,
	};

	if (!network_list_read(config->trusted_proxies, &service->trusted))
		return error_set(err, ERROR_BAD_REQUEST,
				 "CYBERTREATY_TRUSTED_PROXIES is malformed.");
	if (config_check_rate_read(config->rate_limit, &service->rate_requests,
				   &service->rate_seconds) &&
	    !rate_limit_open(service->rate_requests, service->rate_seconds, &service->rate_limit,
			     err))
		return false;
	return file_limit_suffices(config->connections, others, err) &&
	       connection_table_open(&limits, &server->connections, err);
}

static bool start(struct server *server, const char *settings, struct error *err)
{
	const struct config *config = server->service.config;
	struct loop_group_options entrance = {
		.service = &server->service,
		.single = server->service.quiet,
		.hand_over = hand_over,
		.context = server,
	};

	if (!open_limits(server, err) ||
	    !request_metrics_open(server->service.routes, &server->service.tally, err))
		return false;
	/* Without memory for them all requests go the long way. */
	if (server->service.recall)
		server->service.shortcuts = response_memo_open();
	if (!listener_open(config->address, config->port, settings, &server->listener,
			   &server->port, err))
		return false;
	if (!prepare_ulfius(server))
		return error_set(err, ERROR_INTERNAL, "Ulfius cannot be prepared.");
	server->started = start_library(server);
	if (!server->started)
		return error_set(err, ERROR_INTERNAL, "The HTTP library did not start.");
	if (!access_installed())
		log_write(
			LOG_WARNING, "access_not_installed",
			LOG_TEXT("message", "Bodies that cannot be read are refused by closing."));
	entrance.connections = server->connections;
	entrance.listener = server->listener;
	return loop_group_open(&entrance, &server->entrance, err);
}

bool server_start(const struct server_options *options, struct server **server, struct error *err)
{
	const struct config *config = options->config;
	struct server *started = calloc(1, sizeof *started);

	if (!started)
		return error_out_of_memory(err);
	started->listener = -1;
	started->service = (struct service){
		.config = config,
		.routes = options->routes,
		.probes = options->probes,
		.application = options->application,
		.recall = options->recall,
		.quiet = options->quiet,
		.budget = config->pool_wait + config->query_timeout,
		.bulk_budget = config->pool_wait + config->bulk_timeout,
	};
	if (!start(started, options->settings, err)) {
		server_stop(&started);
		return false;
	}
	*server = started;
	return true;
}

const struct request_metrics *server_tally(const struct server *server)
{
	return server->service.tally;
}

void server_connections(const struct server *server, struct connection_statistics *statistics)
{
	connection_table_statistics(server->connections, statistics);
	statistics->draining |= atomic_load(&server->service.draining);
}

void server_visit(struct server *server, const char *target, char **body)
{
	struct raw_request incoming = {.method = "GET",
				       .target = target,
				       .version = "HTTP/1.1",
				       .fields = {{"Host", "localhost"}},
				       .field_count = 1};
	struct exchange exchange = {0};

	clock_gettime(CLOCK_MONOTONIC, &incoming.arrived);
	dispatch(&server->service, &incoming, &exchange);
	if (body)
		*body = exchange.response.status == 200
				? strndup(exchange.response.body, exchange.response.length)
				: NULL;
	exchange_close(&exchange);
}

int server_port(const struct server *server)
{
	return server->port;
}

void server_announce_end(struct server *server)
{
	atomic_store(&server->service.draining, true);
}

void server_drain(struct server *server, int seconds)
{
	struct deadline deadline = deadline_after(seconds * 1000L);

	server_announce_end(server);
	listener_settle(server->listener, deadline);
	loop_group_stop_accepting(server->entrance);
	if (!connection_table_drain(server->connections, deadline))
		log_write(LOG_WARNING, "drain_incomplete", LOG_NUMBER("seconds", seconds));
}

void server_stop(struct server **server)
{
	struct server *stopped = *server;

	if (!stopped)
		return;
	loop_group_close(&stopped->entrance);
	if (stopped->listener >= 0)
		close(stopped->listener);
	if (stopped->started)
		ulfius_stop_framework(&stopped->ulfius);
	if (stopped->has_instance)
		ulfius_clean_instance(&stopped->ulfius);
	connection_table_close(&stopped->connections);
	response_memo_close(&stopped->service.shortcuts);
	request_metrics_close(&stopped->service.tally);
	rate_limit_close(&stopped->service.rate_limit);
	free(stopped);
	*server = NULL;
}
