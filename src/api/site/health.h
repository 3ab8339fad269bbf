/*
 * service: answers about the service itself.
 */
#pragma once
#include "base/deadline.h"
#include "base/embedded.h"
#include "http/routing/route.h"

route_handler answer_liveness;	/* the process runs; the database is not asked */
route_handler answer_readiness; /* 503 with one fixed word until it can serve */

struct application;

/* Why the service cannot serve, as one word, with the reason in err; NULL when it can. */
const char *health_obstacle(struct application *application, struct deadline deadline,
			    struct error *err);

/* What /openapi.json gives. */
const struct embedded *health_contract(void);
