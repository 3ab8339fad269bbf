/*
 * service: what all requests of a server share.
 */
#pragma once
#include <stdatomic.h>

#include "base/network_list.h"
#include "http/message/response.h"

struct config;
struct rate_limit;
struct request_metrics;
struct response_memo;
struct route;

/* A cached response. */
struct recallable {
	const struct response_form *forms; /* [CODINGS] */
	void (*release)(void *holder);
	void *holder; /* NULL when there is none */
};

/* Returns the response that is cached under a key with this serial (struct response), if it is
 * current. */
typedef struct recallable recall(void *application, const char *key, uint64_t serial);

struct service {
	const struct config *config;
	const struct route *routes;
	void *application;
	atomic_bool draining;	   /* connections end with their current response */
	long budget;		   /* milliseconds that a request may take from its arrival */
	long bulk_budget;	   /* the same for one in a format for bulk */
	const char *const *probes; /* paths without a rate limit; ends with a null pointer. NULL:
				      there are none */
	const char *immediate; /* a path whose handler never waits, so that the loop responds; or
				  NULL */
	struct network_list trusted;   /* proxies whose forwarding fields are used */
	struct rate_limit *rate_limit; /* NULL: none */
	long rate_requests, rate_seconds;
	struct response_memo *memo; /* NULL: none */
	recall *recall;
	struct request_metrics *metrics;
	bool quiet; /* successful requests are logged at the level "debug" */
};
