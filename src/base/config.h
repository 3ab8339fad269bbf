/*
 * config: the settings of the process, from the environment.
 *
 * Every setting X can also be read from the file that X_FILE names, without a line end at its end;
 * setting both is a mistake. An empty value counts as unset. An unknown CYBERTREATY_* variable is a
 * mistake too, since it is probably misspelt. For each mistake a sentence names the variable and
 * the allowed values; all are reported at once.
 */
#pragma once
#include <stdio.h>

#include "base/error.h"

/* Threads for requests, beyond one for each database connection. */
enum { SPARE_THREADS = 8 };

struct config {
	const char *database_url;	 /* libpq connection string or URI; required */
	const char *read_database_url;	 /* "": reads go to database_url */
	const char *prepare;		 /* "on", or "off": for a pooler of transactions */
	const char *service_role;	 /* database role that migrate grants to; "" for none */
	const char *notify_database_url; /* "": database_url */
	const char *address;		 /* where to listen; a numeric IPv4 or IPv6 address */
	const char
		*public_url; /* prefix of addresses in responses, "" for none; no trailing slash */
	const char *licence; /* meta.licence */
	const char *licence_url; /* Link: rel="license" */
	const char *origins;	 /* "*" or comma-separated origins that browsers may call from */
	const char *metrics_address; /* where to listen for requests of /metrics */
	const char *metrics_port;    /* "" for no metrics, otherwise a number */
	const char *log_addresses;   /* "truncated", "full", "none" */
	const char *log_level;	     /* "debug", "info", "warning", "error" */
	const char *rate_limit;	     /* "" for none, or requests/seconds; see config_rate_read */
	const char *trusted_proxies; /* "" for none; see network_list_read */
	long port;		     /* 0 lets the kernel choose */
	long pool;		     /* database connections */
	long primary_pool;	     /* those to database_url when read_database_url is set */
	long pool_age;	    /* seconds after which a database connection is replaced; 0: never */
	long pool_wait;	    /* milliseconds to wait for a free one */
	long query_timeout; /* milliseconds until a query is cancelled */
	long bulk_timeout;  /* the same for whole lists; at least query_timeout */
	long cache_bytes;   /* of cached responses; 0: no cache */
	long warm_up;	    /* responses a second to compute in advance; 0: none */
	long max_stale;	    /* seconds to serve them without the database */
	long connections;   /* maximum number of client connections */
	long client_connections; /* of one client; 0: half of them */
	long queue;		 /* requests that wait for a thread */
	long uploads;		 /* requests with a body at once */
	long client_uploads;	 /* of one client */
	long idle_timeout;	 /* seconds until an idle client connection is closed */
	long drain;		 /* maximum seconds of a graceful shutdown */
	long drain_delay;	 /* seconds before it, while /readyz is 503 */
	/* Address for reports of vulnerabilities, "" for none. */
	const char *security_contact;
};

/* Reads all settings. The texts live as long as the process. Fails with ERROR_BAD_REQUEST. */
MUST_CHECK bool config_read(struct config *config, struct error *err);

/* Reads requests/seconds such as 600/60; false for "" and whatever is malformed. */
bool config_rate_read(const char *text, long *requests, long *seconds);

/* True when valid settings conflict; then *warning contains a sentence about it. */
bool config_warning(const struct config *config, struct error *warning);

/* Writes the table of settings: name, default, meaning. */
void config_describe(FILE *out);
