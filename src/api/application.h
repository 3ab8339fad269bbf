/*
 * application: what every handler shares; `request->application` points to it.
 */
#pragma once
#include "api/validate/country_codes.h"
#include "api/response_cache/dataset_revision.h"
#include "base/config.h"
#include "cache/cache.h"
#include "http/routing/route.h"

#include <stdatomic.h>

struct query_catalogue;
struct concurrency_limit;
struct migration;

struct application {
	const struct config *config;
	struct db *db;	    /* for reading; maybe a standby behind the primary */
	struct db *primary; /* the same, unless reads have a database URL of their own */
	const struct migration *migrations; /* those of this binary */
	struct dataset_revision *newest;    /* revision of the dataset */
	struct cache *cache;		    /* of finished answers */
	atomic_bool migrated; /* the database was seen with all migrations of this binary */
	struct country_codes *countries;
	struct query_catalogue *queries;
	/* Names of the addresses right below /v1, a country and a treaty, as arrays of SQL. */
	char *collections, *country_sections, *treaty_sections;
	struct concurrency_limit *export_gate, *bulk_gate; /* entered in this order */
	struct concurrency_limit
		*primary_bulk_gate; /* for `primary`, when it is another than `db` */
};

/* Derives the queries of all documents and starts the pool, which prepares them. */
MUST_CHECK bool application_open(const struct config *config, const struct route *routes,
				 const struct migration *migrations,
				 struct application **application, struct error *err);
/* Ends every wait for the database, so that requests in flight end and it can be closed. */
void application_interrupt(struct application *application);
void application_close(struct application **application);
