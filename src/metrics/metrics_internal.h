/*
 * metrics_internal: the groups of metrics. For metrics.c.
 */
#pragma once
#include "metrics/exposition.h"

struct application;
struct server;

/* Requests by operation, status and representation; durations; bytes. */
void metrics_requests(struct exposition *text, const struct server *server);

/* Client connections. */
void metrics_connections(struct exposition *text, const struct server *server);

/* Database connections. */
void metrics_pools(struct exposition *text, const struct application *application);

/* The response cache. */
void metrics_cache(struct exposition *text, const struct application *application);

/* The dataset and readiness. */
void metrics_dataset(struct exposition *text, struct application *application);

/* Resource usage of the process, under the usual names of Prometheus exporters; `started` is in
 * microseconds since 1970. Adds nothing if /proc cannot be read. */
void metrics_process(struct exposition *text, uint64_t started);
