/*
 * metrics: what monitoring reads, on a server of its own.
 */
#pragma once
#include <stdint.h>

#include "http/routing/route.h"

struct application;
struct server;

/* The application of that server. */
struct metrics {
	struct application *application;
	const struct server *server; /* the one that is watched */
	uint64_t started;	     /* microseconds since 1970 */
};

/* Ends with an all-zero one. */
extern const struct route metrics_routes[];
