/*
 * serve: wires settings, database and server together and runs until a signal.
 */
#include "metrics/metrics.h"
#include "api/routes.h"
#include "api/response_cache/response_cache.h"
#include "base/heap.h"
#include "base/log.h"
#include "base/thread.h"
#include "command/command.h"
#include "command/migrate/embedded_migrations.h"
#include "command/serve/cache_warmer.h"
#include "command/serve/wiring.h"
#include "server/server.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

enum {
	WATCHERS = 16,	      /* connections that ask for metrics at once */
	LOG_PATIENCE = 500,   /* milliseconds in which the log is read to its end */
	SHUTDOWN_GRACE = 250, /* milliseconds beyond CYBERTREATY_DRAIN until the exit is forced */
};

static int usage(FILE *out, int status)
{
	fputs("Usage: cybertreaty serve [--check]\n\n"
	      "Serves requests until SIGTERM or SIGINT, then shuts down gracefully; a second\n"
	      "signal forces the exit. --check only reports invalid and conflicting settings.\n\n",
	      out);
	config_describe(out);
	return status;
}

static int print_error(const struct error *err)
{
	fprintf(stderr, "cybertreaty: %s\n", err->message);
	return 1;
}

/* The signals that end the service wait in every thread but the one that asks for them. */
static void block_signals(sigset_t *ending)
{
	sigemptyset(ending);
	sigaddset(ending, SIGTERM);
	sigaddset(ending, SIGINT);
	pthread_sigmask(SIG_BLOCK, ending, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static int wait_for_signal(const sigset_t *ending)
{
	int number;

	while (sigwait(ending, &number) != 0)
		continue;
	return number;
}

/* What may hold the process after the signal that ends it. */
struct shutdown {
	const sigset_t *ending;
	time_t seconds; /* the graceful shutdown may take */
};

/* Exits at a second signal, and when the time is over: a query can wait for a lock longer than
 * that, and its thread cannot be interrupted. */
static void *force_shutdown(void *context)
{
	const struct shutdown *shutdown = context;
	const struct timespec patience = {.tv_sec = shutdown->seconds,
					  .tv_nsec = SHUTDOWN_GRACE * 1000000L};
	bool signalled;

	do
		signalled = sigtimedwait(shutdown->ending, NULL, &patience) > 0;
	while (!signalled && errno == EINTR);
	log_write(LOG_WARNING, "shutdown_forced",
		  LOG_TEXT("reason", signalled ? "signal" : "timeout"));
	log_flush(LOG_PATIENCE);
	_exit(signalled ? 1 : 0);
}

static void drain(struct server *server, const struct config *config, const sigset_t *ending)
{
	static struct shutdown shutdown; /* outlives this call */
	const struct timespec delay = {.tv_sec = config->drain_delay};
	pthread_t forcing;
	struct error err;

	log_write(LOG_INFO, "draining", LOG_NUMBER("delay", config->drain_delay),
		  LOG_NUMBER("seconds", config->drain));
	shutdown = (struct shutdown){ending, config->drain_delay + config->drain};
	if (thread_start(&forcing, "shutdown", force_shutdown, &shutdown, &err))
		pthread_detach(forcing);
	else
		log_write(LOG_ERROR, "shutdown_unbounded", LOG_TEXT("detail", err.message));
	server_announce_end(server);
	nanosleep(&delay, NULL);
	server_drain(server, (int)config->drain);
}

/* Answers until a signal comes and all that runs is finished. */
static void serve_until_signal(struct server *server, const struct config *config, sigset_t *ending)
{
	log_write(LOG_INFO, "listening", LOG_TEXT("address", config->address),
		  LOG_NUMBER("port", server_port(server)),
		  LOG_TEXT("version", CYBERTREATY_VERSION));
	wait_for_signal(ending);
	drain(server, config, ending);
}

/* What watches the server listens beside it, where only the operator should reach. */
static bool watch(const struct config *config, struct metrics *metrics, struct server **watcher,
		  struct error *err)
{
	static struct config aside; /* outlives its server */
	const struct server_options options = {
		.config = &aside,
		.routes = metrics_routes,
		.application = metrics,
		.settings = "CYBERTREATY_METRICS_",
		.quiet = true,
	};
	struct timespec now;

	if (!*config->metrics_port)
		return true;
	clock_gettime(CLOCK_REALTIME, &now);
	metrics->started = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
	aside = *config;
	aside.address = config->metrics_address;
	aside.port = strtol(config->metrics_port, NULL, 10);
	aside.connections = WATCHERS;
	aside.rate_limit = aside.trusted_proxies = "";
	if (!server_start(&options, watcher, err))
		return false;
	log_write(LOG_INFO, "metrics", LOG_TEXT("address", aside.address),
		  LOG_NUMBER("port", server_port(*watcher)));
	return true;
}

static bool serve(const struct config *config, const struct migration *known, struct error *err)
{
	static sigset_t ending; /* outlives the thread that waits for a second signal */
	struct server_options options = {
		.config = config,
		.routes = routes,
		.probes = probes,
		.settings = "CYBERTREATY_",
		.recall = response_cache_recall,
	};
	struct application application;
	struct server *server = NULL, *watcher = NULL;
	struct warm_up *warm_up = NULL;
	struct metrics metrics;
	bool started;

	block_signals(&ending);
	started = wiring_open(config, known, &application, err);
	options.application = &application;
	started = started && server_start(&options, &server, err);
	metrics = (struct metrics){.application = &application, .server = server};
	started = started && watch(config, &metrics, &watcher, err) &&
		  cache_warmer_open(&application, server, config->warm_up, &warm_up, err);
	if (started) {
		serve_until_signal(server, config, &ending);
		wiring_interrupt(&application);
	}
	cache_warmer_close(&warm_up);
	server_stop(&watcher);
	server_stop(&server);
	wiring_close(&application);
	return started;
}

static int print_check(const struct config *config)
{
	struct error warning;

	if (config_warning(config, &warning))
		fprintf(stderr, "cybertreaty: warning: %s\n", warning.message);
	puts("The settings are valid.");
	return 0;
}

static void log_config_warning(const struct config *config)
{
	struct error warning;

	if (config_warning(config, &warning))
		log_write(LOG_WARNING, "config_warning", LOG_TEXT("detail", warning.message));
}

int command_serve(int argc, char **argv)
{
	struct migration *known;
	struct config config;
	struct error err;
	bool served;

	heap_settle();
	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return usage(stdout, 0);
	if (argc > 2 || (argc == 2 && strcmp(argv[1], "--check") != 0))
		return usage(stderr, 2);
	if (!config_read(&config, &err))
		return print_error(&err);
	if (argc == 2)
		return print_check(&config);
	log_threshold((enum log_level)log_level_named(config.log_level));
	if (!log_start(&err))
		return print_error(&err);
	log_config_warning(&config);
	known = embedded_migrations();
	served = known ? serve(&config, known, &err) : error_out_of_memory(&err);
	free(known);
	if (served)
		log_write(LOG_INFO, "stopped", LOG_NUMBER("pid", getpid()));
	log_flush(LOG_PATIENCE);
	return served ? 0 : print_error(&err);
}
