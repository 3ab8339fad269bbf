#include "api/application.h"

#include "api/documents.h"
#include "api/query/query_catalogue.h"
#include "api/read/concurrency_limit.h"
#include "base/cleanup.h"
#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* The names right below an address of the route table, "self" first: {self,profile,status}. */
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

static bool read_names(struct application *application, const struct route *table,
		       struct error *err)
{
	return names_below(table, "/v1", &application->collections, err) &&
	       names_below(table, "/v1/countries/{code}", &application->country_sections, err) &&
	       names_below(table, "/v1/treaties/{number}", &application->treaty_sections, err);
}

/* Says which of the two URLs is meant. */
static bool open_database(const struct db_settings *settings, const char *name, struct db **db,
			  struct error *err)
{
	struct error reason;

	if (db_open(settings, db, &reason))
		return true;
	return error_set(err, reason.kind, "%s: %s", name, reason.message);
}

/* With a database URL for reads, the other one is for those few that a standby is too far behind
 * to answer. */
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
		.queries = application->queries->at_start,
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

static void forget(void *context)
{
	const struct application *application = context;

	cache_clear(application->cache);
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
		.went_back = forget,
	};

	if (!cache_open((size_t)config->cache_bytes, &application->cache, err))
		return false;
	settings.context = application;
	return dataset_revision_open(&settings, &application->newest, err);
}

/* Whole lists take long: half of a pool's connections stay free for what does not. */
static struct concurrency_limit *open_bulk_gate(long pool)
{
	return concurrency_limit_open(pool > 1 ? (size_t)pool / 2 : 1);
}

bool application_open(const struct config *config, const struct route *table,
		      const struct migration *migrations, struct application **application,
		      struct error *err)
{
	struct application *opened = calloc(1, sizeof *opened);

	if (!opened)
		return error_out_of_memory(err);
	*application = opened;
	opened->config = config;
	opened->migrations = migrations;
	if (!query_catalogue_open(documents, &opened->queries, err) ||
	    !read_names(opened, table, err) || !open_databases(opened, err))
		return false;
	if (!open_cache(opened, err))
		return false;
	opened->countries = country_codes_open(opened->db, &opened->queries->country_code->whole);
	opened->export_gate = concurrency_limit_open(1);
	opened->bulk_gate = open_bulk_gate(config->pool);
	opened->primary_bulk_gate = open_bulk_gate(config->primary_pool);
	return (opened->countries && opened->export_gate && opened->bulk_gate &&
		opened->primary_bulk_gate) ||
	       error_out_of_memory(err);
}

void application_interrupt(struct application *application)
{
	db_interrupt(application->primary);
	db_interrupt(application->db);
}

void application_close(struct application **application)
{
	if (!*application)
		return;
	dataset_revision_close(&(*application)->newest);
	cache_close(&(*application)->cache);
	country_codes_close(&(*application)->countries);
	concurrency_limit_close(&(*application)->export_gate);
	concurrency_limit_close(&(*application)->bulk_gate);
	concurrency_limit_close(&(*application)->primary_bulk_gate);
	if ((*application)->primary != (*application)->db)
		db_close(&(*application)->primary);
	db_close(&(*application)->db);
	query_catalogue_close(&(*application)->queries);
	free((*application)->collections);
	free((*application)->country_sections);
	free((*application)->treaty_sections);
	free(*application);
	*application = NULL;
}
