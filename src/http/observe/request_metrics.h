/*
 * request_metrics: counts of requests by operation, status, representation and duration.
 *
 * Counting takes no lock and allocates no memory. The rows are fixed at start.
 */
#pragma once
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "http/routing/route.h"

enum { REQUEST_METRICS_STATUSES = 22, REQUEST_METRICS_FORMATS = 9, REQUEST_METRICS_BUCKETS = 16 };

/* Statuses with a count each; the last, 0, is any other. */
extern const int request_metrics_statuses[REQUEST_METRICS_STATUSES];

/* Representations: a media type and its short name. The last but one is any other, the last a
 * response without a body. */
extern const struct request_metrics_format {
	const char *type, *name;
} request_metrics_formats[REQUEST_METRICS_FORMATS];

/* Upper bounds of durations in microseconds; the last is unbounded (UINT64_MAX). */
extern const uint64_t request_metrics_bounds[REQUEST_METRICS_BUCKETS];

/* The counts of one operation, each read by itself. */
struct request_metrics_row {
	const char *operation; /* "none" for requests that reached no route */
	_Atomic uint64_t responses[REQUEST_METRICS_STATUSES][REQUEST_METRICS_FORMATS];
	_Atomic uint64_t
		durations[REQUEST_METRICS_BUCKETS]; /* those that lie above the bound before */
	_Atomic uint64_t microseconds, bytes;	    /* sums; bytes are those of bodies */
};

struct request_metrics;

/* Opens a row for each operation of a route table, which outlives the metrics, and one for none.
 * Fails with ERROR_INTERNAL when out of memory. */
MUST_CHECK bool request_metrics_open(const struct route *routes, struct request_metrics **metrics,
				     struct error *err);
void request_metrics_close(struct request_metrics **metrics);

/* `operation` is one of those opened (compared by pointer) or NULL; `media_type` is NULL for a
 * response without a body. */
void request_metrics_count(struct request_metrics *metrics, const char *operation, int status,
			   const char *media_type, uint64_t bytes, uint64_t microseconds);

/* The short name of a media type, or of a response without a body (NULL). */
const char *request_metrics_format(const char *media_type);

/* The rows, one for each operation and the last for none; they live as long as the metrics. */
const struct request_metrics_row *request_metrics_rows(const struct request_metrics *metrics,
						       size_t *count);
