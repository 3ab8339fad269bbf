#include "api/read/document_handlers.h"

#include "api/application.h"
#include "api/query/parameter_values.h"
#include "api/read/dataset_export.h"
#include "api/read/concurrency_limit.h"
#include "api/read/representation.h"
#include "api/response_cache/response_cache.h"
#include "base/cleanup.h"
#include "http/negotiation/media_type.h"
#include "http/message/response.h"

#include <string.h>

#include "base/banned.h"

static bool build_bulk(const struct request *request, representation_build *build, struct db *db,
		       struct representation *representation, struct error *err)
{
	const struct application *application = request->application;
	struct concurrency_limit *gate =
		db == application->db ? application->bulk_gate : application->primary_bulk_gate;
	bool built;

	if (!concurrency_limit_enter(gate, request->deadline, err))
		return false;
	built = build(request, db, representation, err);
	concurrency_limit_leave(gate);
	return built;
}

static bool build_list(const struct request *request, struct db *db,
		       struct representation *representation, struct error *err)
{
	return request->media->bulk
		       ? build_bulk(request, representation_list, db, representation, err)
		       : representation_list(request, db, representation, err);
}

bool answer_list(const struct request *request, struct response *response, struct error *err)
{
	const char *mistaken;

	if (response_cache_answer(request, build_list, response, &mistaken, err))
		return true;
	/* Every other value passed its check; what a cursor holds is seen only when it is used. */
	if (err->kind == ERROR_BAD_REQUEST && mistaken)
		return response_mistake(response, mistaken);
	return false;
}

bool answer_sections(const struct request *request, struct response *response, struct error *err)
{
	const char *mistaken;

	return response_cache_answer(request, representation_sections, response, &mistaken, err);
}

/* It takes as much of the database and of memory as hundreds of other answers. */
static bool build_export(const struct request *request, struct db *db,
			 struct representation *representation, struct error *err)
{
	const struct application *application = request->application;
	bool built;

	if (!concurrency_limit_enter(application->export_gate, request->deadline, err))
		return false;
	built = build_bulk(request, dataset_export_build, db, representation, err);
	concurrency_limit_leave(application->export_gate);
	return built;
}

bool answer_export(const struct request *request, struct response *response, struct error *err)
{
	const char *mistaken;

	return response_cache_answer(request, build_export, response, &mistaken, err);
}

static bool query(const struct request *request, const struct derived_query *derived,
		  struct rows *rows, struct error *err)
{
	static const struct page_position none = {0};
	const struct application *application = request->application;
	const char *values[QUERY_PARAMETERS];

	return parameter_values_bind(request, derived, &none, values, err) &&
	       db_rows(application->db, &derived->query, values, request->deadline, rows, err);
}

/* The canonical path with its last segment replaced. */
static char *sibling(const struct request *request, const char *key)
{
	const char *path = request->canonical_path, *slash = strrchr(path, '/');

	return arena_format(request->arena, "%.*s/%s", (int)(slash - path), path, key);
}

/* Answers for an identifier that is not there: it may be spelled otherwise, or be gone. */
static bool answer_missing(const struct request *request, struct response *response,
			   struct error *err)
{
	const struct application *application = request->application;
	const struct document *document = request->route->detail;
	const struct prepared *prepared = application_prepared(application, document);
	CLEANUP(rows_free) struct rows spelling = {0}, retraction = {0};
	const char *replaced_by, *path;

	if (prepared->spelling && !query(request, prepared->spelling, &spelling, err))
		return false;
	if (spelling.count == 1) {
		path = sibling(request, rows_text(&spelling, 0, 0));
		return path ? response_redirect(response, request, path, err)
			    : error_out_of_memory(err);
	}
	if (!query(request, application->retraction, &retraction, err))
		return false;
	if (retraction.count == 0)
		return error_set(err, ERROR_NOT_FOUND, "Nothing has this identifier.");
	replaced_by = rows_text(&retraction, 0, 0);
	if (replaced_by)
		response_member(response, "replaced_by", replaced_by);
	return error_set(err, ERROR_GONE, "This record was retracted%s%s.",
			 replaced_by ? "; it is replaced by " : "", replaced_by ? replaced_by : "");
}

bool answer_record(const struct request *request, struct response *response, struct error *err)
{
	const char *mistaken;

	return response_cache_answer(request, representation_record, response, &mistaken, err) ||
	       (err->kind == ERROR_NOT_FOUND && answer_missing(request, response, err));
}
