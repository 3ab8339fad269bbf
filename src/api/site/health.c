#include "api/site/health.h"

#include "api/application.h"
#include "api/query/query_catalogue.h"
#include "base/cleanup.h"
#include "contract.h"
#include "db/migration.h"
#include "http/message/response.h"
#include "http/message/request.h"

#include "base/banned.h"

const struct embedded *health_contract(void)
{
	return &contract_json;
}

bool answer_liveness(const struct request *request, struct response *response, struct error *err)
{
	static const char body[] = "{\"status\":\"alive\"}";

	(void)request;
	response_field(response, "Cache-Control", "no-store");
	return response_copy(response, "application/json", body, sizeof body - 1, err);
}

static bool not_ready(struct response *response, const char *reason, struct error *err)
{
	response_member(response, "reason", reason);
	return error_set(err, ERROR_UNAVAILABLE, "Not ready: %s.", reason);
}

static bool reply_ready(struct response *response, struct error *err)
{
	static const char body[] = "{\"status\":\"ready\"}";

	response_field(response, "Cache-Control", "no-store");
	return response_copy(response, "application/json", body, sizeof body - 1, err);
}

/* With the database away, what is kept can still be served, if it was ever this program's schema.
 */
static bool has_answers(const struct application *application)
{
	struct cache_numbers numbers;

	cache_numbers(application->cache, &numbers);
	return atomic_load(&application->migrated) && numbers.entries > 0;
}

const char *health_obstacle(struct application *application, struct deadline deadline,
			    struct error *err)
{
	const struct query *applied = &application->queries->applied->whole;
	CLEANUP(rows_free) struct rows rows = {0};

	if (dataset_revision_away(application->newest) && has_answers(application))
		return NULL;
	if (!db_rows(application->db, applied, NULL, deadline, &rows, err)) {
		bool misfits = db_misfits(application->db);

		if (!misfits && err->kind == ERROR_UNAVAILABLE && has_answers(application))
			return NULL;
		return misfits ? "migrations" : "database";
	}
	if (!migration_current(&rows, application->migrations)) {
		error_set(err, ERROR_UNAVAILABLE, "A migration is missing or was edited.");
		return "migrations";
	}
	atomic_store(&application->migrated, true);
	return NULL;
}

bool answer_readiness(const struct request *request, struct response *response, struct error *err)
{
	const char *obstacle;

	if (request->draining)
		return not_ready(response, "draining", err);
	obstacle = health_obstacle(request->application, request->deadline, err);
	return obstacle ? not_ready(response, obstacle, err) : reply_ready(response, err);
}
