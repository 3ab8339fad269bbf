/*
 * serve: starts the application and its servers, and runs until a signal.
 */
#include "metrics/metrics.h"
#include "api/routes.h"
#include "api/response_cache/response_cache.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/scheduler.h"
#include "base/thread.h"
#include "command/command.h"
#include "command/serve/cache_warmer.h"
#include "command/serve/wiring.h"
#include "server/server.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

enum {
	ARENAS = 1,
	MAPPED_FROM = 64 * 1024, /* bytes; larger blocks are mapped, and unmapped when freed */
	TRIMMED_FROM = 128 * 1024,
	METRICS_CONNECTIONS = 16,
	LOG_PATIENCE = 500,   /* milliseconds that the rest of the log may take */
	SHUTDOWN_GRACE = 250, /* milliseconds beyond CYBERTREATY_DRAIN until the exit is forced */
};

/* Makes freed memory available to all threads, and returns large blocks to the kernel at once. */
static void configure_allocator(void)
{
	/* NOLINTBEGIN(concurrency-mt-unsafe): no other thread runs yet. */
	/* One thread allocates a cached response and another frees it. By default glibc has up to
	 * eight arenas a processor, and memory that is freed in one is not available in another:
	 * the process would grow to several times the size of its data. Small blocks come from a
	 * cache of each thread anyway, without a lock. */
	mallopt(M_ARENA_MAX, ARENAS);
	/* A fixed value disables glibc's dynamic threshold, which rises to the largest freed block.
	 */
	mallopt(M_MMAP_THRESHOLD, MAPPED_FROM);
	mallopt(M_TRIM_THRESHOLD, TRIMMED_FROM);
	/* NOLINTEND(concurrency-mt-unsafe) */
}

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

/* What ends the service. A thread uses it until the process ends. */
static struct {
	sigset_t signals;
	time_t seconds; /* that the graceful shutdown may take */
} ending;

/* The signals that end the service stay pending until the main thread waits for them. */
static void block_signals(void)
{
	sigemptyset(&ending.signals);
	sigaddset(&ending.signals, SIGTERM);
	sigaddset(&ending.signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, &ending.signals, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* Exits at a second signal, and when the time is over, if a thread still works then. Queries
 * are interrupted before. */
static void *force_shutdown(void *unused)
{
	const struct timespec patience = {.tv_sec = ending.seconds,
					  .tv_nsec = SHUTDOWN_GRACE * 1000000L};
	bool signalled;

	(void)unused;
	do
		signalled = sigtimedwait(&ending.signals, NULL, &patience) > 0;
	while (!signalled && errno == EINTR);
	log_write(LOG_WARNING, "shutdown_forced",
		  LOG_TEXT("reason", signalled ? "signal" : "timeout"));
	log_flush(LOG_PATIENCE);
	_exit(signalled ? 1 : 0);
}

static void drain(struct server *server, const struct config *config)
{
	const struct timespec delay = {.tv_sec = config->drain_delay};
	pthread_t forcing;
	struct error err;

	log_write(LOG_INFO, "shutdown_started", LOG_NUMBER("delay", config->drain_delay),
		  LOG_NUMBER("seconds", config->drain));
	ending.seconds = config->drain_delay + config->drain;
	if (thread_start(&forcing, "shutdown", force_shutdown, NULL, &err))
		pthread_detach(forcing);
	else
		log_write(LOG_ERROR, "shutdown_unbounded", LOG_TEXT("detail", err.message));
	server_announce_end(server);
	nanosleep(&delay, NULL);
	server_drain(server, (int)config->drain);
}

/* Serves until a signal arrives, then shuts down gracefully. */
static void serve_until_signal(struct server *server, const struct config *config)
{
	int number;

	log_write(LOG_INFO, "server_listening", LOG_TEXT("address", config->address),
		  LOG_NUMBER("port", server_port(server)),
		  LOG_TEXT("version", CYBERTREATY_VERSION));
	while (sigwait(&ending.signals, &number) != 0)
		continue;
	drain(server, config);
}

/* Starts the metrics server on a separate, operator-only address. */
static bool start_metrics(const struct config *config, struct metrics *metrics,
			  struct server **server, struct error *err)
{
	static struct config own; /* outlives its server */
	const struct server_options options = {
		.config = &own,
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
	own = *config;
	own.address = config->metrics_address;
	own.port = strtol(config->metrics_port, NULL, 10);
	own.connections = METRICS_CONNECTIONS;
	own.rate_limit = own.trusted_proxies = "";
	if (!server_start(&options, server, err))
		return false;
	log_write(LOG_INFO, "metrics_listening", LOG_TEXT("address", own.address),
		  LOG_NUMBER("port", server_port(*server)));
	return true;
}

static bool serve(const struct config *config, struct error *err)
{
	struct server_options options = {
		.config = config,
		.routes = routes,
		.probes = probes,
		.immediate = liveness_probe,
		.settings = "CYBERTREATY_",
		.recall = response_cache_recall,
	};
	static struct application application; /* a job may use it until the process ends */
	struct server *server = NULL, *metrics_server = NULL;
	struct scheduler *scheduler = NULL;
	struct cache_warmer *warmer = NULL;
	struct metrics metrics;
	bool started;

	block_signals();
	started = wiring_open(config, &application, err);
	options.application = &application;
	started = started && server_start(&options, &server, err);
	metrics = (struct metrics){.application = &application, .server = server};
	started = started && start_metrics(config, &metrics, &metrics_server, err) &&
		  scheduler_open(&scheduler, err) &&
		  cache_warmer_open(&application, server, config->warm_up, scheduler, &warmer, err);
	if (started) {
		serve_until_signal(server, config);
		wiring_interrupt(&application);
	}
	if (!scheduler_close(&scheduler, deadline_after(config->drain * 1000)))
		return started;
	cache_warmer_close(&warmer);
	server_stop(&metrics_server);
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
	struct config config;
	struct error err;
	bool served;

	configure_allocator();
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
	served = serve(&config, &err);
	if (served)
		log_write(LOG_INFO, "server_stopped", LOG_NUMBER("pid", getpid()));
	log_flush(LOG_PATIENCE);
	return served ? 0 : print_error(&err);
}
