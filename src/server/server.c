#include "server/server.h"

#include "base/config.h"
#include "http/observe/request_metrics.h"
#include "http/policy/rate_limit.h"
#include "http/routing/dispatch.h"
#include "server/connection/connection_table.h"
#include "server/hot/response_memo.h"
#include "server/listener.h"
#include "server/loop/event_loop.h"
#include "server/loop/event_loop_internal.h"
#include "server/ulfius/ulfius_bridge.h"
#include "server/task/thread_pool.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/banned.h"

enum {
	/* Connections beyond the limit, for those that are closing. */
	SPARE_CONNECTIONS = 64,
	/* Standard streams, listeners, connections for metrics, and what libraries open; each
	 * database connection needs one more. */
	OTHER_DESCRIPTORS = 144,
};

struct server {
	struct service service;
	struct connection_table *connections;
	struct event_loop_shared loops;
	struct ulfius_bridge *bridge;
	int port, listener; /* listener: -1 when there is none */
};

static long most_of_client(const struct config *config)
{
	if (config->client_connections > 0)
		return config->client_connections;
	return config->connections > 1 ? config->connections / 2 : 1;
}

/* The message names what to change. */
static bool refuse_file_limit(long connections, long needed, long most, struct error *err)
{
	long possible = most - (needed - connections);
	char lower[80] = "";

	if (possible > 0)
		snprintf(lower, sizeof lower, ", or set CYBERTREATY_CONNECTIONS to %ld or less",
			 possible);
	return error_set(err, ERROR_UNAVAILABLE,
			 "CYBERTREATY_CONNECTIONS=%ld needs %ld open files, and this process may "
			 "have %ld: raise that limit (ulimit -n; LimitNOFILE= of systemd; --ulimit "
			 "nofile= of Docker)%s.",
			 connections, needed, most, lower);
}

/* Raises the soft limit of open files to `connections` and `others`. Fails with ERROR_UNAVAILABLE
 * and a sentence that names the setting when the hard limit is lower. */
static bool raise_file_limit(long connections, long others, struct error *err)
{
	rlim_t needed = (rlim_t)(connections + others);
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return error_set(err, ERROR_INTERNAL, "The limit of open files cannot be read.");
	if (limit.rlim_cur >= needed)
		return true;
	if (limit.rlim_max < needed)
		return refuse_file_limit(connections, (long)needed, (long)limit.rlim_max, err);
	limit.rlim_cur = needed;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
		return error_set(err, ERROR_UNAVAILABLE,
				 "The limit of open files cannot be raised to %ld.", (long)needed);
	return true;
}

/* Sets up what bounds clients: trusted proxies, the rate limit, connections. */
static bool open_limits(struct server *server, struct error *err)
{
	struct service *service = &server->service;
	const struct config *config = service->config;
	const long others = SPARE_CONNECTIONS + OTHER_DESCRIPTORS + config->pool +
			    config->primary_pool + config->uploads;
	const struct connection_limits limits = {
		.idle = config->idle_timeout * 1000,
		.most = config->connections,
		.spare = SPARE_CONNECTIONS,
		.most_of_client = most_of_client(config),
		.uploads = config->uploads,
		.uploads_of_client = config->client_uploads,
		.trusted = &service->trusted,
	};

	if (!network_list_read(config->trusted_proxies, &service->trusted))
		return error_set(err, ERROR_BAD_REQUEST,
				 "CYBERTREATY_TRUSTED_PROXIES is malformed.");
	if (config_rate_read(config->rate_limit, &service->rate_requests, &service->rate_seconds) &&
	    !rate_limit_open(service->rate_requests, service->rate_seconds, &service->rate_limit,
			     err))
		return false;
	return raise_file_limit(config->connections, others, err) &&
	       connection_table_open(&limits, &server->connections, err);
}

/* The processors that this process may use, up to EVENT_LOOPS_MOST. */
static int loops_wanted(bool single)
{
	cpu_set_t usable;
	int count;

	if (single || sched_getaffinity(0, sizeof usable, &usable) != 0)
		return 1;
	count = CPU_COUNT(&usable);
	return count < EVENT_LOOPS_MOST ? count : EVENT_LOOPS_MOST;
}

static bool open_loops(struct event_loop_shared *shared, int count, struct error *err)
{
	for (; shared->count < count; shared->count++)
		if (!event_loop_open(shared, &shared->loops[shared->count], err))
			return false;
	for (int i = 0; i < count; i++)
		if (!event_loop_start(shared->loops[i], err))
			return false;
	return true;
}

/* Starts to accept connections. */
static bool start_loops(struct server *server, struct error *err)
{
	const struct service *service = &server->service;
	const struct config *config = service->config;
	/* As many as can work: those that wait for a database connection, and some more. */
	const long threads = config->pool + config->primary_pool + SPARE_THREADS;

	server->loops.service = service;
	server->loops.connections = server->connections;
	server->loops.bridge = server->bridge;
	server->loops.listener = server->listener;
	return thread_pool_open((size_t)threads, (size_t)config->queue, &server->loops.pool, err) &&
	       open_loops(&server->loops, loops_wanted(service->quiet), err);
}

static bool start_server(struct server *server, const char *settings, struct error *err)
{
	struct service *service = &server->service;
	const struct config *config = service->config;

	if (!service->quiet && !ulfius_bridge_open(service, &server->bridge, err))
		return false;
	if (!open_limits(server, err) ||
	    !request_metrics_open(service->routes, &service->metrics, err))
		return false;
	/* Without memory for it every request is dispatched. */
	if (service->recall)
		service->memo = response_memo_open();
	return listener_open(config->address, config->port, settings, &server->listener,
			     &server->port, err) &&
	       start_loops(server, err);
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
		.immediate = options->immediate,
		.application = options->application,
		.recall = options->recall,
		.quiet = options->quiet,
		.budget = config->pool_wait + config->query_timeout,
		.bulk_budget = config->pool_wait + config->bulk_timeout,
	};
	if (!start_server(started, options->settings, err)) {
		server_stop(&started);
		return false;
	}
	*server = started;
	return true;
}

const struct request_metrics *server_metrics(const struct server *server)
{
	return server->service.metrics;
}

void server_connections(const struct server *server, struct connection_statistics *statistics)
{
	connection_table_statistics(server->connections, statistics);
	statistics->draining |= atomic_load(&server->service.draining);
}

void server_fetch(struct server *server, const char *target, char **body)
{
	struct raw_request request = {.method = "GET", .target = target, .version = "HTTP/1.1"};
	struct exchange exchange = {0};

	clock_gettime(CLOCK_MONOTONIC, &request.arrived);
	dispatch(&server->service, &request, &exchange);
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

bool server_drain(struct server *server, int seconds)
{
	struct deadline deadline = deadline_after(seconds * 1000L);

	server_announce_end(server);
	listener_settle(server->listener, deadline);
	for (int i = 0; i < server->loops.count; i++)
		event_loop_stop_accepting(server->loops.loops[i]);
	/* The kernel refuses clients that still wait in the backlog. */
	shutdown(server->listener, SHUT_RDWR);
	return connection_table_drain(server->connections, deadline);
}

/* Ends the loops first, then what completes on them. */
static void stop_threads(struct server *server)
{
	for (int i = 0; i < server->loops.count; i++)
		event_loop_stop(server->loops.loops[i]);
	thread_pool_close(&server->loops.pool);
	ulfius_bridge_close(&server->bridge);
	for (int i = 0; i < server->loops.count; i++)
		event_loop_close(&server->loops.loops[i]);
}

void server_stop(struct server **server)
{
	struct server *stopped = *server;

	if (!stopped)
		return;
	stop_threads(stopped);
	if (stopped->listener >= 0)
		close(stopped->listener);
	connection_table_close(&stopped->connections);
	response_memo_close(&stopped->service.memo);
	request_metrics_close(&stopped->service.metrics);
	rate_limit_close(&stopped->service.rate_limit);
	free(stopped);
	*server = NULL;
}
