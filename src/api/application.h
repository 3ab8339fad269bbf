/*
 * application: what all handlers share; `request->application` points to it. command/serve fills
 * it.
 */
#pragma once
#include "base/config.h"

#include <semaphore.h>
#include <stdatomic.h>

struct cache;
struct country_codes;
struct dataset_revision;
struct db;
struct embedded;
struct query_catalogue;

struct application {
	const struct config *config;
	struct db *db;	    /* for reads; may be a standby that is behind the primary */
	struct db *primary; /* the same, unless reads have a separate database URL */
	const struct embedded *const *migrations; /* those that this program contains */
	struct dataset_revision *newest;
	struct cache *cache;  /* of responses */
	atomic_bool migrated; /* the database once had all migrations of this program */
	struct country_codes *countries;
	struct query_catalogue *queries;
	/* The names directly below /v1, a country and a treaty, as SQL arrays. */
	char *collections, *country_sections, *treaty_sections;
	/* They limit how many requests of a kind are in progress. A request enters `export_gate`
	 * first, then one of the others. */
	sem_t export_gate, bulk_gate;
	sem_t primary_bulk_gate; /* for `primary` if that is not `db` */
	sem_t bulk_waits; /* how many of them may wait, for a gate or for an equal response */
};
