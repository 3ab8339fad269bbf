/*
 * metrics: the routes of the metrics server.
 */
#pragma once
#include <stdint.h>

#include "http/routing/route.h"

struct application;
struct server;

/* The application of that server. */
struct metrics {
	struct application *application;
	const struct server *server; /* the API server */
	uint64_t started;	     /* microseconds since 1970 */
};

/* Ends with an all-zero element. */
extern const struct route metrics_routes[];
