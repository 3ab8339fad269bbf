#include "command/serve/wiring.h"

#include "api/documents.h"
#include "api/query/query_catalogue.h"
#include "api/response_cache/dataset_revision.h"
#include "api/routes.h"
#include "api/validate/country_codes.h"
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/config.h"
#include "cache/cache.h"
#include "db/db.h"
#include "http/routing/route.h"
#include "migrations.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* The names of the routes directly below an address, as an SQL array that begins with "self":
 * {self,profile,status}. */
static bool names_below(const struct route *table, const char *address, char **names,
			struct error *err)
{
	CLEANUP(buffer_free) struct buffer list = {0};
	size_t length = strlen(address);

	buffer_text(&list, "{self");
	for (const struct route *route = table; route->method; route++) {
		const char *name = route->template + length + 1;

		if (strncmp(route->template, address, length) == 0 &&
		    route->template[length] == '/' && !strpbrk(name, "/{"))
			buffer_format(&list, ",%s", name);
	}
	buffer_text(&list, "}");
	*names = buffer_steal(&list, &length);
	return *names || error_out_of_memory(err);
}

static bool list_names(struct application *application, const struct route *table,
		       struct error *err)
{
	return names_below(table, "/v1", &application->collections, err) &&
	       names_below(table, "/v1/countries/{code}", &application->country_sections, err) &&
	       names_below(table, "/v1/treaties/{number}", &application->treaty_sections, err);
}

/* The error names the setting that has the URL. */
static bool open_database(const struct db_settings *settings, const char *name, struct db **db,
			  struct error *err)
{
	struct error reason;

	if (db_open(settings, db, &reason))
		return true;
	return error_set(err, reason.kind, "%s: %s", name, reason.message);
}

/* With a database URL for reads, the primary serves only the few requests that a standby is too far
 * behind for. */
static bool open_databases(struct application *application, struct error *err)
{
	const struct config *config = application->config;
	struct db_settings settings = {
		.url = config->database_url,
		.pool = config->pool,
		.pool_wait = config->pool_wait,
		.query_timeout = config->query_timeout,
		.bulk_timeout = config->bulk_timeout,
		.age = config->pool_age,
		.unprepared = strcmp(config->prepare, "off") == 0,
		.queries = application->queries->whole,
	};

	if (!*config->read_database_url) {
		if (!open_database(&settings, "CYBERTREATY_DATABASE_URL", &application->db, err))
			return false;
		application->primary = application->db;
		return true;
	}
	settings.pool = config->primary_pool;
	if (!open_database(&settings, "CYBERTREATY_DATABASE_URL", &application->primary, err))
		return false;
	settings.url = config->read_database_url;
	settings.pool = config->pool;
	settings.standby = true;
	return open_database(&settings, "CYBERTREATY_READ_DATABASE_URL", &application->db, err);
}

static void clear_cache(void *context)
{
	cache_clear(context);
}

static bool open_cache(struct application *application, struct error *err)
{
	const struct config *config = application->config;
	struct dataset_revision_settings settings = {
		.url = *config->notify_database_url ? config->notify_database_url
						    : config->database_url,
		.primary = application->primary,
		.reads = application->db,
		.query = &application->queries->revision->whole,
		.restored = clear_cache,
	};

	if (!cache_open((size_t)config->cache_bytes, &application->cache, err))
		return false;
	settings.context = application->cache;
	return dataset_revision_open(&settings, &application->newest, err);
}

/* Whole lists take long, so they use at most half of a pool's connections. Each request that waits
 * occupies a thread, so those for whole lists wait on at most half of the threads. */
static void open_bulk_gates(struct application *application)
{
	const unsigned pool = (unsigned)application->config->pool;
	const unsigned primary = (unsigned)application->config->primary_pool;

	sem_init(&application->export_gate, 0, 1);
	sem_init(&application->bulk_gate, 0, pool > 1 ? pool / 2 : 1);
	sem_init(&application->primary_bulk_gate, 0, primary > 1 ? primary / 2 : 1);
	sem_init(&application->bulk_waits, 0, (pool + primary + SPARE_THREADS) / 2);
}

bool wiring_open(const struct config *config, struct application *application, struct error *err)
{
	*application = (struct application){.config = config, .migrations = migrations};
	open_bulk_gates(application);
	if (!query_catalogue_open(documents, &application->queries, err) ||
	    !list_names(application, routes, err) || !open_databases(application, err) ||
	    !open_cache(application, err))
		return false;
	application->countries =
		country_codes_open(application->db, &application->queries->country_code->whole);
	return application->countries || error_out_of_memory(err);
}

void wiring_interrupt(struct application *application)
{
	db_interrupt(application->primary);
	db_interrupt(application->db);
}

void wiring_close(struct application *application)
{
	dataset_revision_close(&application->newest);
	cache_close(&application->cache);
	country_codes_close(&application->countries);
	sem_destroy(&application->export_gate);
	sem_destroy(&application->bulk_gate);
	sem_destroy(&application->primary_bulk_gate);
	sem_destroy(&application->bulk_waits);
	if (application->primary != application->db)
		db_close(&application->primary);
	db_close(&application->db);
	query_catalogue_close(&application->queries);
	free(application->collections);
	free(application->country_sections);
	free(application->treaty_sections);
}
