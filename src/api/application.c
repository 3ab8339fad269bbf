#include "api/application.h"

#include "api/read/document_handlers.h"
#include "api/read/record_fields.h"
#include "api/read/concurrency_limit.h"
#include "api/query/query_specialiser.h"
#include "api/read/total_count.h"
#include "base/cleanup.h"
#include "base/buffer.h"
#include "statements.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { DERIVED_MAXIMUM = 400 };

/* Keeps a derived statement, or the one that is there under its name: resources that share a file
 * share its statements. *derived is all-zero after. */
static bool kept(struct application *application, struct derived_query *derived,
		 const struct derived_query **place, struct error *err)
{
	CLEANUP(query_builder_free) struct derived_query taken = *derived;
	struct derived_query *at = application->derived, *end = at + application->derived_count;

	*derived = (struct derived_query){0};
	while (at < end && strcmp(at->query.name, taken.query.name) != 0)
		at++;
	if (at < end && strcmp(at->query.text, taken.query.text) != 0)
		return error_set(err, ERROR_INTERNAL, "Two statements are named %s.",
				 taken.query.name);
	*place = at;
	if (at < end)
		return true;
	if (application->derived_count == DERIVED_MAXIMUM)
		return error_set(err, ERROR_INTERNAL, "More than %d statements.", DERIVED_MAXIMUM);
	*at = taken;
	taken = (struct derived_query){0};
	application->derived_count++;
	if (!at->query.late)
		application->queries[application->statement_count++] = &at->query;
	return true;
}

static bool prepare_pages(struct application *application, const struct document *document,
			  struct prepared *prepared, struct error *err)
{
	for (size_t sort = 0; sort < DOCUMENT_SORTS && document->sorts[sort].name; sort++)
		for (int variant = 0; variant < 4; variant++) {
			bool descending = variant & 1, after = variant & 2;
			struct derived_query derived;

			if (!query_builder_page(document, &document->sorts[sort], descending, after,
						&derived, err) ||
			    !kept(application, &derived, &prepared->page[sort][descending][after],
				  err))
				return false;
		}
	return true;
}

static bool prepare(struct application *application, const struct document *document,
		    struct error *err)
{
	struct prepared *prepared = &application->prepared[application->prepared_count];
	struct derived_query derived;

	for (size_t i = 0; i < application->prepared_count; i++)
		if (application->prepared[i].document == document)
			return true;
	application->prepared_count++;
	prepared->document = document;
	if (document->sections)
		return (document->lines ? query_builder_lines(document, &derived, err)
					: query_builder_sections(document, &derived, err)) &&
		       kept(application, &derived, &prepared->sections, err);
	return prepare_pages(application, document, prepared, err) &&
	       query_builder_record(document, &derived, err) &&
	       kept(application, &derived, &prepared->record, err) &&
	       (document->found || (query_builder_spelling(document, &derived, err) &&
				    kept(application, &derived, &prepared->spelling, err))) &&
	       query_builder_fields(document, &derived, err) &&
	       kept(application, &derived, &prepared->fields, err);
}

static bool serves_document(const struct route *route)
{
	return route->handler == answer_list || route->handler == answer_record ||
	       route->handler == answer_sections || route->handler == answer_export;
}

static bool plain(struct application *application, const struct embedded *file,
		  const struct derived_query **place, struct error *err)
{
	struct derived_query derived;

	return query_builder_plain(file, &derived, err) && kept(application, &derived, place, err);
}

static bool build_statements(struct application *application, const struct route *table,
			     struct error *err)
{
	size_t count = 0;

	while (table[count].method)
		count++;
	application->derived = calloc(DERIVED_MAXIMUM, sizeof *application->derived);
	application->queries = calloc(DERIVED_MAXIMUM + 1, sizeof *application->queries);
	application->prepared = calloc(count + 1, sizeof *application->prepared);
	if (!application->derived || !application->queries || !application->prepared)
		return error_out_of_memory(err);
	for (size_t i = 0; i < count; i++)
		if (serves_document(&table[i]) && !prepare(application, table[i].detail, err))
			return false;
	return plain(application, &statements_country_code, &application->country_code, err) &&
	       plain(application, &statements_retraction, &application->retraction, err) &&
	       plain(application, &statements_applied, &application->applied, err) &&
	       plain(application, &statements_revision, &application->revision, err);
}

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
		.queries = application->queries,
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
	cache_clear(application->totals);
}

static bool open_cache(struct application *application, struct error *err)
{
	const struct config *config = application->config;
	struct dataset_revision_settings settings = {
		.url = *config->notify_database_url ? config->notify_database_url
						    : config->database_url,
		.primary = application->primary,
		.reads = application->db,
		.query = application->revision,
		.went_back = forget,
	};

	/* Who keeps no answers keeps no totals. */
	if (!cache_open((size_t)config->cache_bytes, &application->cache, err) ||
	    !cache_open(config->cache_bytes ? TOTAL_BYTES : 0, &application->totals, err))
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
	if (!build_statements(opened, table, err) || !read_names(opened, table, err) ||
	    !open_databases(opened, err))
		return false;
	if (!open_cache(opened, err))
		return false;
	opened->countries = country_codes_open(opened->db, opened->country_code);
	opened->export_gate = concurrency_limit_open(1);
	opened->bulk_gate = open_bulk_gate(config->pool);
	opened->primary_bulk_gate = open_bulk_gate(config->primary_pool);
	opened->narrowed = query_specialiser_open();
	return (opened->countries && opened->export_gate && opened->bulk_gate &&
		opened->primary_bulk_gate && opened->narrowed) ||
	       error_out_of_memory(err);
}

void application_close(struct application **application)
{
	if (!*application)
		return;
	dataset_revision_close(&(*application)->newest);
	cache_close(&(*application)->cache);
	cache_close(&(*application)->totals);
	country_codes_close(&(*application)->countries);
	concurrency_limit_close(&(*application)->export_gate);
	concurrency_limit_close(&(*application)->bulk_gate);
	concurrency_limit_close(&(*application)->primary_bulk_gate);
	if ((*application)->primary != (*application)->db)
		db_close(&(*application)->primary);
	db_close(&(*application)->db);
	query_specialiser_close(&(*application)->narrowed);
	for (size_t i = 0; i < (*application)->derived_count; i++)
		query_builder_free(&(*application)->derived[i]);
	for (size_t i = 0; i < (*application)->prepared_count; i++)
		record_fields_free(&(*application)->prepared[i].known);
	free((*application)->derived);
	free((*application)->queries);
	free((*application)->prepared);
	free((*application)->collections);
	free((*application)->country_sections);
	free((*application)->treaty_sections);
	free(*application);
	*application = NULL;
}

struct prepared *application_prepared(const struct application *application,
				      const struct document *document)
{
	struct prepared *prepared = application->prepared;

	while (prepared->document && prepared->document != document)
		prepared++;
	return prepared;
}
