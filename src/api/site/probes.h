/*
 * probes: the addresses that orchestrators and load balancers poll.
 */
#pragma once
#include "base/deadline.h"
#include "http/routing/route.h"

struct application;

route_handler probes_liveness;	/* the process runs; does not query the database */
route_handler probes_readiness; /* 503 with one fixed word while the service cannot serve */

/* The reason why the service cannot serve, as one word, with the details in err; NULL when it can
 * serve. */
const char *probes_obstacle(struct application *application, struct deadline deadline,
			    struct error *err);
