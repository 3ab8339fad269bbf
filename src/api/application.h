/*
 * application: what every handler shares; `request->application` points to it.
 */
#pragma once
#include "api/validate/country_codes.h"
#include "api/document.h"
#include "api/response_cache/dataset_revision.h"
#include "api/query/query_builder.h"
#include "base/config.h"
#include "cache/cache.h"
#include "http/routing/route.h"

#include <stdatomic.h>

struct record_fields;
struct concurrency_limit;
struct narrowed;
struct migration;

/* The prepared statements of one document. */
struct prepared {
	const struct document *document;
	const struct derived_query *page[DOCUMENT_SORTS][2][2]; /* by sort key, descending, after */
	const struct derived_query *record, *spelling, *fields, *sections; /* NULL: there is none */
	_Atomic(struct record_fields *) known; /* api/fields.h; NULL until they were asked for */
};

struct application {
	const struct config *config;
	struct db *db;	    /* for reading; maybe a standby behind the primary */
	struct db *primary; /* the same, unless reads have a database URL of their own */
	const struct migration *migrations; /* those of this binary */
	struct dataset_revision *newest;    /* revision of the dataset */
	struct cache *cache;		    /* of finished answers */
	struct cache *totals;		    /* of filter sets */
	atomic_bool migrated; /* the database was seen with all migrations of this binary */
	struct country_codes *countries;
	/* Made at start. The list of statements is what the pool prepares on each connection, all
	 * but late ones; it ends with NULL. */
	struct derived_query *derived;
	size_t derived_count;
	const struct query **queries;
	size_t statement_count;
	struct prepared *prepared; /* ends with an all-zero one */
	size_t prepared_count;
	/* Names of the addresses right below /v1, a country and a treaty, as arrays of SQL. */
	char *collections, *country_sections, *treaty_sections;
	struct concurrency_limit *export_gate, *bulk_gate; /* entered in this order */
	struct concurrency_limit
		*primary_bulk_gate; /* for `primary`, when it is another than `db` */
	struct narrowed *narrowed;  /* pages for the filters that were asked for so far */
	const struct derived_query *country_code, *retraction, *applied, *revision;
};

/* Derives and prepares the statements of all documents in `routes` and starts the pool. */
MUST_CHECK bool application_open(const struct config *config, const struct route *routes,
				 const struct migration *migrations,
				 struct application **application, struct error *err);
void application_close(struct application **application);

/* The prepared statements of a document, which stands in the route table. */
struct prepared *application_prepared(const struct application *application,
				      const struct document *document);
