/*
 * tally: what a server has answered, in numbers, by route. Counting takes no lock and no memory;
 * what there is to count apart is fixed at start, whatever clients send.
 */
#pragma once
#include <stdatomic.h>
#include <stdint.h>

#include "http/routing/route.h"

enum { REQUEST_METRICS_STATUSES = 20, REQUEST_METRICS_FORMATS = 9, REQUEST_METRICS_BUCKETS = 16 };

/* Statuses that are counted apart; the last, 0, is any other. */
extern const int request_metrics_statuses[REQUEST_METRICS_STATUSES];

/* Representations: a media type and its short name. The last but one is any other, the last an
 * answer without a body. */
extern const struct request_metrics_format {
	const char *type, *name;
} request_metrics_formats[REQUEST_METRICS_FORMATS];

/* Upper bounds of durations in microseconds; the last is none (UINT64_MAX). */
extern const uint64_t request_metrics_bounds[REQUEST_METRICS_BUCKETS];

/* The counts of one operation, each read by itself. */
struct request_metrics_row {
	const char *operation; /* "none" for requests that reached no route */
	_Atomic uint64_t answers[REQUEST_METRICS_STATUSES][REQUEST_METRICS_FORMATS];
	_Atomic uint64_t
		durations[REQUEST_METRICS_BUCKETS]; /* those that lie above the bound before */
	_Atomic uint64_t microseconds, bytes;	    /* sums; bytes are those of bodies */
};

struct request_metrics;

/* `routes` outlives the tally. */
MUST_CHECK bool request_metrics_open(const struct route *routes, struct request_metrics **tally,
				     struct error *err);
void request_metrics_close(struct request_metrics **tally);

/* `route` is one of the tally's or NULL, `media_type` NULL for an answer without a body. */
void request_metrics_count(struct request_metrics *tally, const struct route *route, int status,
			   const char *media_type, uint64_t bytes, uint64_t microseconds);

/* The short name of a media type, or of an answer without a body (NULL). */
const char *request_metrics_format(const char *media_type);

/* The rows, one for each route and the last for none; they live as long as the tally. */
const struct request_metrics_row *request_metrics_rows(const struct request_metrics *tally,
						       size_t *count);
