/*
 * metrics_parts: the families of metrics by what they tell of. For metrics.c.
 */
#pragma once
#include "metrics/exposition.h"

struct application;
struct server;

/* Requests by operation, status and representation; durations; bytes. */
void metrics_requests(struct exposition *text, const struct server *server);

/* Connections of clients. */
void metrics_connections(struct exposition *text, const struct server *server);

/* Connections to the database. */
void metrics_pools(struct exposition *text, const struct application *application);

/* Answers that are kept. */
void metrics_cache(struct exposition *text, const struct application *application);

/* Which dataset is served, and whether that is possible. */
void metrics_dataset(struct exposition *text, struct application *application);

/* What the process uses, under the names that every exporter has for it; `started` is in
 * microseconds since 1970. Nothing when the kernel does not tell. */
void metrics_process(struct exposition *text, uint64_t started);
