#include "metrics/metrics.h"

#include "api/application.h"
#include "api/response_cache/dataset_revision.h"
#include "api/site/probes.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/process.h"
#include "cache/cache.h"
#include "db/migration.h"
#include "http/message/request.h"
#include "http/message/response.h"
#include "http/negotiation/media_type.h"
#include "http/observe/request_metrics.h"
#include "metrics/exposition.h"
#include "server/server.h"

#include <stddef.h>
#include <stdio.h>

#include "base/banned.h"

enum {
	BODY_MAXIMUM = 4 << 20,
	LABELS_BYTES = 160,
	POOLS = 2,
	READY_MILLISECONDS = 1000 /* timeout of the readiness check */
};

static const struct media_type plain = {"text", "text/plain; version=0.0.4; charset=utf-8", false};
static const struct media_type openmetrics = {
	"openmetrics", "application/openmetrics-text; version=1.0.0; charset=utf-8", false};
static const struct media_type *const forms[] = {&plain, &openmetrics, NULL};

/* A number of a struct. The lists end with an all-zero element. */
struct metric {
	enum exposition_kind kind;
	bool seconds; /* the number is one of microseconds */
	const char *name, *help;
	size_t offset; /* of a uint64_t */
};

/* Tables, a metric in two lines. */
/* clang-format off */
#define COUNTER EXPOSE_COUNTER, false, "cybertreaty_"
#define SECONDS EXPOSE_COUNTER, true, "cybertreaty_"
#define GAUGE EXPOSE_GAUGE, false, "cybertreaty_"

static const struct metric connection_metrics[] = {
	{GAUGE "http_connections", "Open client connections.",
	 offsetof(struct connection_statistics, open)},
	{GAUGE "http_connections_max", "Maximum number of open client connections.",
	 offsetof(struct connection_statistics, most)},
	{COUNTER "http_connections_accepted", "Accepted client connections.",
	 offsetof(struct connection_statistics, accepted)},
	{GAUGE "draining", "1 during graceful shutdown.",
	 offsetof(struct connection_statistics, draining)},
	{0},
};

static const struct metric pool_metrics[] = {
	{GAUGE "pool_connections_max", "Maximum number of database connections.",
	 offsetof(struct db_statistics, size)},
	{GAUGE "pool_waiting", "Requests that are waiting for a database connection.",
	 offsetof(struct db_statistics, waiting)},
	{COUNTER "pool_waits", "Requests that waited for a database connection.",
	 offsetof(struct db_statistics, waits)},
	{SECONDS "pool_wait_seconds", "Total time that requests waited for a database connection.",
	 offsetof(struct db_statistics, waited_microseconds)},
	{COUNTER "pool_wait_timeouts", "Requests that timed out waiting for a database connection.",
	 offsetof(struct db_statistics, waits_expired)},
	{COUNTER "pool_connections_opened", "Database connections that were opened.",
	 offsetof(struct db_statistics, connects)},
	{COUNTER "pool_connection_failures", "Database connections that could not be opened.",
	 offsetof(struct db_statistics, connects_failed)},
	{GAUGE "pool_down", "1 while the database is considered down and requests do not wait for it.",
	 offsetof(struct db_statistics, down)},
	{0},
};

static const struct metric cache_metrics[] = {
	{COUNTER "cache_hits", "Requests served from a valid cache entry.",
	 offsetof(struct cache_numbers, hits)},
	{COUNTER "cache_misses", "Requests without a valid cache entry.",
	 offsetof(struct cache_numbers, misses)},
	{COUNTER "cache_waits", "Requests that waited for a concurrent computation.",
	 offsetof(struct cache_numbers, waits)},
	{COUNTER "cache_stale", "Stale responses that were served.",
	 offsetof(struct cache_numbers, stale)},
	{COUNTER "cache_stores", "Cache entries that were stored.",
	 offsetof(struct cache_numbers, stores)},
	{COUNTER "cache_evictions", "Cache entries that were evicted.",
	 offsetof(struct cache_numbers, evictions)},
	{COUNTER "cache_oversized", "Responses that were too large to be stored.",
	 offsetof(struct cache_numbers, too_large)},
	{GAUGE "cache_entries", "Cache entries.", offsetof(struct cache_numbers, entries)},
	{0},
};

/* The usual names of Prometheus exporters. */
static const struct metric process_metrics[] = {
	{EXPOSE_COUNTER, true, "process_cpu_seconds", "Total user and system CPU time spent in seconds.",
	 offsetof(struct process, cpu_microseconds)},
	{EXPOSE_GAUGE, false, "process_resident_memory_bytes", "Resident memory size in bytes.",
	 offsetof(struct process, resident_bytes)},
	{EXPOSE_GAUGE, false, "process_virtual_memory_bytes", "Virtual memory size in bytes.",
	 offsetof(struct process, virtual_bytes)},
	{EXPOSE_GAUGE, false, "process_threads", "Number of OS threads.", offsetof(struct process, threads)},
	{EXPOSE_GAUGE, false, "process_open_fds", "Number of open file descriptors.",
	 offsetof(struct process, open_files)},
	{EXPOSE_GAUGE, false, "process_max_fds", "Maximum number of open file descriptors.",
	 offsetof(struct process, files_maximum)},
	{0},
};
/* clang-format on */

/* Adds the metrics with a sample for each of `count` structs. */
static void add_samples(struct exposition *text, const struct metric *metric,
			const void *const *structs, const char *const *labels, size_t count)
{
	for (; metric->name; metric++) {
		exposition_family(text, metric->kind, metric->name, metric->help);
		for (size_t i = 0; i < count; i++) {
			const void *value = (const char *)structs[i] + metric->offset;

			(metric->seconds ? exposition_seconds : exposition_count)(
				text, "", labels[i], *(const uint64_t *)value);
		}
	}
}

static void add_metrics(struct exposition *text, const struct metric *metric, const void *numbers)
{
	static const char *const no_labels[] = {NULL};

	add_samples(text, metric, &numbers, no_labels, 1);
}

/* The program version and its last migration. */
static void add_build(struct exposition *text, const struct application *application)
{
	const struct embedded *const *last = application->migrations;
	char labels[LABELS_BYTES];

	while (last[0] && last[1])
		last++;
	snprintf(labels, sizeof labels, "version=\"%s\",migration=\"%s\"", CYBERTREATY_VERSION,
		 *last ? (*last)->name : "");
	exposition_family(text, EXPOSE_GAUGE, "cybertreaty_build_info",
			  "1; labels: program version and the last migration that it contains.");
	exposition_count(text, "", labels, 1);
}

static void add_responses(struct exposition *text, const struct request_metrics_row *row)
{
	char labels[LABELS_BYTES], status[12];

	for (size_t i = 0; i < REQUEST_METRICS_STATUSES; i++)
		for (size_t j = 0; j < REQUEST_METRICS_FORMATS; j++) {
			uint64_t count = atomic_load(&row->responses[i][j]);

			if (count == 0)
				continue;
			snprintf(status, sizeof status, "%d", request_metrics_statuses[i]);
			snprintf(labels, sizeof labels,
				 "operation=\"%s\",status=\"%s\",representation=\"%s\"",
				 row->operation, request_metrics_statuses[i] ? status : "other",
				 request_metrics_formats[j].name);
			exposition_count(text, "", labels, count);
		}
}

/* Prometheus counts a duration in every bucket that it fits. */
static void add_durations(struct exposition *text, const struct request_metrics_row *row)
{
	char labels[LABELS_BYTES], bound[24];
	uint64_t count = 0;

	for (size_t i = 0; i < REQUEST_METRICS_BUCKETS; i++)
		count += atomic_load(&row->durations[i]);
	if (count == 0)
		return;
	count = 0;
	for (size_t i = 0; i < REQUEST_METRICS_BUCKETS; i++) {
		count += atomic_load(&row->durations[i]);
		snprintf(bound, sizeof bound, "%g", (double)request_metrics_bounds[i] / 1e6);
		snprintf(labels, sizeof labels, "operation=\"%s\",le=\"%s\"", row->operation,
			 i == REQUEST_METRICS_BUCKETS - 1 ? "+Inf" : bound);
		exposition_count(text, "_bucket", labels, count);
	}
	snprintf(labels, sizeof labels, "operation=\"%s\"", row->operation);
	exposition_seconds(text, "_sum", labels, atomic_load(&row->microseconds));
	exposition_count(text, "_count", labels, count);
}

static void add_requests(struct exposition *text, const struct server *server)
{
	const struct request_metrics_row *rows;
	char labels[LABELS_BYTES];
	size_t count;

	rows = request_metrics_rows(server_metrics(server), &count);
	exposition_family(text, EXPOSE_COUNTER, "cybertreaty_http_requests",
			  "Responses by operation of the contract, status and "
			  "representation.");
	for (size_t i = 0; i < count; i++)
		add_responses(text, &rows[i]);
	exposition_family(text, EXPOSE_HISTOGRAM, "cybertreaty_http_request_duration_seconds",
			  "Time from the request line until the response was ready.");
	for (size_t i = 0; i < count; i++)
		add_durations(text, &rows[i]);
	exposition_family(text, EXPOSE_COUNTER, "cybertreaty_http_response_body_bytes",
			  "Bytes of response bodies as sent.");
	for (size_t i = 0; i < count; i++) {
		uint64_t bytes = atomic_load(&rows[i].bytes);

		snprintf(labels, sizeof labels, "operation=\"%s\"", rows[i].operation);
		if (bytes)
			exposition_count(text, "", labels, bytes);
	}
}

static void add_connections(struct exposition *text, const struct server *server)
{
	static const char *const reasons[ENDINGS] = {
		[ENDING_NEW] = "no_request",
		[ENDING_IDLE] = "idle",
		[ENDING_READING] = "slow_request",
		[ENDING_WRITING] = "slow_response",
		[ENDING_ROOM] = "room",
		[ENDING_DRAIN] = "shutdown",
	};
	struct connection_statistics statistics;
	char labels[LABELS_BYTES];

	server_connections(server, &statistics);
	add_metrics(text, connection_metrics, &statistics);
	exposition_family(text, EXPOSE_COUNTER, "cybertreaty_http_connections_refused",
			  "Refused client connections: all were in use, or the client "
			  "reached its limit.");
	exposition_count(text, "", "reason=\"limit\"", statistics.refused_all);
	exposition_count(text, "", "reason=\"client_limit\"", statistics.refused_client);
	exposition_family(text, EXPOSE_COUNTER, "cybertreaty_http_connections_closed",
			  "Client connections that the service closed: timeout of request or "
			  "response, room needed for others, or shutdown.");
	for (size_t i = 0; i < ENDINGS; i++) {
		snprintf(labels, sizeof labels, "reason=\"%s\"", reasons[i]);
		exposition_count(text, "", labels, statistics.ended[i]);
	}
}

static void add_pools(struct exposition *text, const struct application *application)
{
	static const char *const labels[POOLS] = {"pool=\"read\"", "pool=\"primary\""};
	const size_t count = application->primary == application->db ? 1 : POOLS;
	struct db_statistics pools[POOLS];
	const void *const structs[POOLS] = {&pools[0], &pools[1]};
	char states[LABELS_BYTES];

	db_statistics(application->db, &pools[0]);
	db_statistics(application->primary, &pools[1]);
	exposition_family(text, EXPOSE_GAUGE, "cybertreaty_pool_connections",
			  "Open database connections by state.");
	for (size_t i = 0; i < count; i++) {
		snprintf(states, sizeof states, "%s,state=\"idle\"", labels[i]);
		exposition_count(text, "", states, pools[i].idle);
		snprintf(states, sizeof states, "%s,state=\"used\"", labels[i]);
		exposition_count(text, "", states, pools[i].open - pools[i].idle);
	}
	add_samples(text, pool_metrics, structs, labels, count);
}

static void add_cache(struct exposition *text, const struct application *application)
{
	struct cache_numbers numbers;

	cache_numbers(application->cache, &numbers);
	add_metrics(text, cache_metrics, &numbers);
	exposition_single(text, EXPOSE_GAUGE, "cybertreaty_cache_max_bytes",
			  "Maximum size of the cache in bytes.",
			  (uint64_t)application->config->cache_bytes);
	exposition_family(text, EXPOSE_GAUGE, "cybertreaty_cache_bytes",
			  "Size of the cache in bytes; half of it is for common responses.");
	exposition_count(text, "", "kind=\"common\"", numbers.common_bytes);
	exposition_count(text, "", "kind=\"rare\"", numbers.rare_bytes);
}

static void add_dataset(struct exposition *text, struct application *application)
{
	const int64_t contact = dataset_revision_contact(application->newest);
	const uint64_t revision = dataset_revision_newest(application->newest);
	struct error unsaid;
	bool ready = !probes_obstacle(application, deadline_after(READY_MILLISECONDS), &unsaid);

	exposition_single(text, EXPOSE_GAUGE, "cybertreaty_ready",
			  "1 if the service is ready, as reported by /readyz.", ready);
	exposition_single(text, EXPOSE_GAUGE, "cybertreaty_listener_connected",
			  "1 while the listener is connected; otherwise revisions are polled.",
			  dataset_revision_listening(application->newest));
	/* No values before the first contact with the database. */
	if (contact == 0)
		return;
	exposition_single(text, EXPOSE_GAUGE, "cybertreaty_dataset_revision",
			  "The newest known revision of the dataset.", revision);
	exposition_family(text, EXPOSE_GAUGE, "cybertreaty_dataset_contact_age_seconds",
			  "Seconds since the database last confirmed its revision.");
	exposition_seconds(text, "", NULL, (uint64_t)(entry_clock() - contact) * 1000);
}

/* Adds nothing of the process if /proc cannot be read. */
static void add_process(struct exposition *text, uint64_t started)
{
	struct process process;

	exposition_single(text, EXPOSE_COUNTER, "cybertreaty_log_lines_dropped",
			  "Log lines that could not be written.", log_dropped());
	if (!process_read(&process))
		return;
	add_metrics(text, process_metrics, &process);
	exposition_family(text, EXPOSE_GAUGE, "process_start_time_seconds",
			  "Start time of the process since unix epoch in seconds.");
	exposition_seconds(text, "", NULL, started);
}

static bool send_metrics(const struct request *request, struct response *response,
			 struct error *err)
{
	const struct metrics *metrics = request->application;
	CLEANUP(buffer_free) struct buffer body = {0};
	struct exposition text = {
		.text.maximum = BODY_MAXIMUM,
		.openmetrics = request->media == &openmetrics,
	};
	size_t length;

	add_build(&text, metrics->application);
	add_requests(&text, metrics->server);
	add_connections(&text, metrics->server);
	add_pools(&text, metrics->application);
	add_cache(&text, metrics->application);
	add_dataset(&text, metrics->application);
	add_process(&text, metrics->started);
	exposition_end(&text);
	body = text.text;
	if (body.failed)
		return error_out_of_memory(err);
	response_field(response, "Cache-Control", "no-store");
	length = body.length;
	return response_body(response, 200, request->media->type, buffer_steal(&body, &length),
			     length, err);
}

static const struct parameter *const nothing[] = {NULL};

const struct route metrics_routes[] = {
	{"GET", "/metrics", "getMetrics", send_metrics, NULL, nothing, forms},
	{0},
};
