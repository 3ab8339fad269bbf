/*
 * service: answers about the service itself.
 */
#pragma once
#include "base/embedded.h"
#include "http/route.h"

route_handler answer_contract;	/* openapi.json, openapi.yaml: the route's detail is the file */
route_handler answer_liveness;	/* the process runs; the database is not asked */
route_handler answer_readiness; /* 503 with one fixed word until it can serve */

/* What /openapi.json gives. */
const struct embedded *service_contract(void);
