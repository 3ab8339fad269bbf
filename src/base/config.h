/*
 * config: the settings of the process, from the environment.
 *
 * Every setting X is also read from the file that X_FILE names (one line end at its end is cut
 * off); to give both is a mistake. An empty value counts as none. A CYBERTREATY_* variable that is
 * no setting is a mistake too, most likely a slip of the pen. A mistake is one sentence that names
 * the variable and what is allowed; all of them are reported at once.
 */
#pragma once
#include <stdio.h>

#include "base/error.h"

struct config {
	const char *database_url;      /* libpq connection string or URI; required */
	const char *read_database_url; /* "": reads go to database_url */
	const char *prepare;	       /* "on", or "off": for a pooler of transactions */
	const char *service_role; /* role of the database that migrate grants to; "" for none */
	const char *notify_database_url; /* "": database_url */
	const char *address;		 /* where to listen; a numeric IPv4 or IPv6 address */
	const char *public_url; /* prefix of addresses in answers, "" for none; no trailing slash */
	const char *licence;	/* meta.licence */
	const char *licence_url; /* Link: rel="license" */
	const char *origins;	 /* "*" or comma-separated origins that browsers may call from */
	const char *metrics_address; /* where to listen for who asks for metrics */
	const char *metrics_port;    /* "" for nowhere, else a number */
	const char *log_addresses;   /* "truncated", "full", "none" */
	const char *log_level;	     /* "debug", "info", "warning", "error" */
	const char *rate_limit; /* "" for none, or requests/seconds; see config_check_rate_read */
	const char *trusted_proxies; /* "" for none; see network_list_read */
	long port;		     /* 0 lets the kernel choose */
	long pool;		     /* database connections */
	long primary_pool;  /* database connections to database_url beside read_database_url */
	long pool_age;	    /* seconds after which a database connection is replaced; 0: never */
	long pool_wait;	    /* milliseconds to wait for a free one */
	long query_timeout; /* milliseconds until a query is cancelled */
	long bulk_timeout;  /* until one for whole lists is; never less than query_timeout */
	long cache_bytes;   /* of finished answers that are kept; 0: none */
	long warm_up;	    /* answers a second to make before they are asked for; 0: none */
	long max_stale;	    /* seconds that they are given after the database was last seen */
	long connections;   /* client connections at once */
	long client_connections; /* of one client; 0: half of them */
	long queue;		 /* requests that wait for a thread */
	long uploads;		 /* requests with a body at once */
	long client_uploads;	 /* of one client */
	long idle_timeout;	 /* seconds until an idle client connection is closed */
	long drain;		 /* seconds that stopping may take */
	long drain_delay;	 /* seconds to go on before, while /readyz says that it stops */
	/* Address for reports of weaknesses, "" for none. */
	const char *security_contact;
};

/* Reads all settings. The texts live as long as the process. Fails with ERROR_BAD_REQUEST. */
MUST_CHECK bool config_read(struct config *config, struct error *err);

/* True when settings that are allowed do not go well together; *doubt then says so in a
 * sentence. */
bool config_doubtful(const struct config *config, struct error *doubt);

/* Writes the table of settings: name, default, meaning. */
void config_describe(FILE *out);
