#include "api/site/probes.h"

#include "api/application.h"
#include "api/query/query_catalogue.h"
#include "base/cleanup.h"
#include "cache/cache.h"
#include "db/migration.h"
#include "http/message/response.h"
#include "http/message/request.h"

#include <string.h>

#include "base/banned.h"

static bool send_status(struct response *response, const char *body, struct error *err)
{
	char *copy = strdup(body);

	if (!copy)
		return error_out_of_memory(err);
	response_field(response, "Cache-Control", "no-store");
	return response_body(response, 200, "application/json", copy, strlen(copy), err);
}

bool probes_liveness(const struct request *request, struct response *response, struct error *err)
{
	(void)request;
	return send_status(response, "{\"status\":\"alive\"}", err);
}

/* While the database is down the cache can serve, provided the database once had this program's
 * schema. */
static bool cache_can_serve(const struct application *application)
{
	struct cache_numbers numbers;

	cache_numbers(application->cache, &numbers);
	return atomic_load(&application->migrated) && numbers.entries > 0;
}

/* The obstacle when a query of this file failed; NULL when the cache can serve. */
static const char *failure_word(const struct application *application, const struct error *err)
{
	return err->kind == ERROR_UNAVAILABLE && cache_can_serve(application) ? NULL : "database";
}

static const char *find_missing(const struct rows *rows, struct error *err)
{
	const char *table = rows_text(rows, 0, 0), *right = rows_text(rows, 0, 1);

	if (table) {
		error_set(err, ERROR_UNAVAILABLE, "The table %s is missing.", table);
		return "migrations";
	}
	if (!right)
		return NULL;
	error_set(err, ERROR_UNAVAILABLE, "The role lacks a right on %s.", right);
	return "rights";
}

const char *probes_obstacle(struct application *application, struct deadline deadline,
			    struct error *err)
{
	const struct query *rights = &application->queries->rights->whole;
	CLEANUP(rows_free) struct rows missing = {0}, missing_on_primary = {0};
	CLEANUP(rows_free) struct rows applied = {0};
	struct db *db = application->db, *primary = application->primary;
	struct error away;
	const char *obstacle;

	if (!db_rows(db, rights, NULL, deadline, &missing, err))
		return failure_word(application, err);
	obstacle = find_missing(&missing, err);
	/* While the primary is down, the other pool serves. */
	if (!obstacle && primary != db &&
	    db_rows(primary, rights, NULL, deadline, &missing_on_primary, &away))
		obstacle = find_missing(&missing_on_primary, err);
	if (obstacle)
		return obstacle;
	if (!db_rows(db, &application->queries->applied->whole, NULL, deadline, &applied, err))
		return failure_word(application, err);
	if (!migration_current(&applied, application->migrations)) {
		error_set(err, ERROR_UNAVAILABLE, "A migration is missing or was edited.");
		return "migrations";
	}
	if (!db_check(db, deadline, err))
		return db_schema_fits(db) ? failure_word(application, err) : "migrations";
	atomic_store(&application->migrated, true);
	return NULL;
}

bool probes_readiness(const struct request *request, struct response *response, struct error *err)
{
	const char *obstacle =
		request->draining ? "draining"
				  : probes_obstacle(request->application, request->deadline, err);

	if (!obstacle)
		return send_status(response, "{\"status\":\"ready\"}", err);
	response_member(response, "reason", obstacle);
	return error_set(err, ERROR_UNAVAILABLE, "Not ready: %s.", obstacle);
}
