/*
 * families: the groups of metrics. For metrics.c.
 */
#pragma once
#include "metrics/exposition.h"

struct application;
struct server;

/* Requests by operation, status and representation; durations; bytes. */
void http_request_metrics_add(struct exposition *text, const struct server *server);

/* Client connections. */
void connection_metrics_add(struct exposition *text, const struct server *server);

/* Database connections. */
void pool_metrics_add(struct exposition *text, const struct application *application);

/* The response cache. */
void cache_metrics_add(struct exposition *text, const struct application *application);

/* The dataset and readiness. */
void dataset_metrics_add(struct exposition *text, struct application *application);

/* Resource usage of the process, under the usual names of Prometheus exporters; `started` is in
 * microseconds since 1970. Adds nothing if /proc cannot be read. */
void process_metrics_add(struct exposition *text, uint64_t started);
