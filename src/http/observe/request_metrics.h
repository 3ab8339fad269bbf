/*
 * tally: what a server has answered, in numbers, by route. Counting takes no lock and no memory;
 * what there is to count apart is fixed at start, whatever clients send.
 */
#pragma once
#include <stdatomic.h>
#include <stdint.h>

#include "http/routing/route.h"

enum { TALLY_STATUSES = 20, TALLY_FORMATS = 9, TALLY_BUCKETS = 16 };

/* Statuses that are counted apart; the last, 0, is any other. */
extern const int tally_statuses[TALLY_STATUSES];

/* Representations: a media type and its short name. The last but one is any other, the last an
 * answer without a body. */
extern const struct tally_format {
	const char *type, *name;
} tally_formats[TALLY_FORMATS];

/* Upper bounds of durations in microseconds; the last is none (UINT64_MAX). */
extern const uint64_t tally_bounds[TALLY_BUCKETS];

/* The counts of one operation, each read by itself. */
struct tally_row {
	const char *operation; /* "none" for requests that reached no route */
	_Atomic uint64_t answers[TALLY_STATUSES][TALLY_FORMATS];
	_Atomic uint64_t durations[TALLY_BUCKETS]; /* those that lie above the bound before */
	_Atomic uint64_t microseconds, bytes;	   /* sums; bytes are those of bodies */
};

struct tally;

/* `routes` outlives the tally. */
MUST_CHECK bool tally_open(const struct route *routes, struct tally **tally, struct error *err);
void tally_close(struct tally **tally);

/* `route` is one of the tally's or NULL, `media_type` NULL for an answer without a body. */
void tally_count(struct tally *tally, const struct route *route, int status, const char *media_type,
		 uint64_t bytes, uint64_t microseconds);

/* The short name of a media type, or of an answer without a body (NULL). */
const char *tally_format(const char *media_type);

/* The rows, one for each route and the last for none; they live as long as the tally. */
const struct tally_row *tally_rows(const struct tally *tally, size_t *count);
