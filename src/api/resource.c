#include "api/resource.h"

#include "api/application.h"
#include "api/document.h"
#include "api/query/query_catalogue.h"
#include "api/query/request_rows.h"
#include "api/read/dataset_export.h"
#include "api/response_cache/response_cache.h"
#include "api/site/well_known.h"
#include "base/cleanup.h"
#include "http/negotiation/media_type.h"
#include "http/message/response.h"

#include <errno.h>
#include <string.h>

#include "base/banned.h"

static bool pass_by(sem_t *gate, struct deadline deadline)
{
	while (sem_clockwait(gate, CLOCK_MONOTONIC, &deadline.at) != 0)
		if (errno != EINTR)
			return false;
	return true;
}

/* Waits for the gate, unless too many requests wait already. On success the caller must post it. */
static bool enter_gate(const struct request *request, sem_t *gate, struct error *err)
{
	struct application *application = request->application;
	sem_t *waits = &application->bulk_waits;
	bool entered = sem_trywait(gate) == 0;

	if (!entered && sem_trywait(waits) == 0) {
		entered = pass_by(gate, request->deadline);
		sem_post(waits);
	}
	return entered ||
	       error_set(err, ERROR_UNAVAILABLE, "Too many requests of this kind are in progress.");
}

static bool build_bulk(const struct request *request, representation_build *build, struct db *db,
		       struct representation *representation, struct error *err)
{
	struct application *application = request->application;
	sem_t *gate =
		db == application->db ? &application->bulk_gate : &application->primary_bulk_gate;
	bool built;

	if (!enter_gate(request, gate, err))
		return false;
	built = build(request, db, representation, err);
	sem_post(gate);
	return built;
}

static bool build_list(const struct request *request, struct db *db,
		       struct representation *representation, struct error *err)
{
	return request->media->bulk
		       ? build_bulk(request, representation_list, db, representation, err)
		       : representation_list(request, db, representation, err);
}

bool resource_list(const struct request *request, struct response *response, struct error *err)
{
	return response_cache_respond(request, build_list, response, err);
}

bool resource_sections(const struct request *request, struct response *response, struct error *err)
{
	return response_cache_respond(request, representation_record, response, err);
}

bool resource_entry(const struct request *request, struct response *response, struct error *err)
{
	if (!resource_sections(request, response, err))
		return false;
	well_known_link_entry(response, request);
	return true;
}

/* An export takes as much database time and memory as hundreds of other responses. */
static bool build_export(const struct request *request, struct db *db,
			 struct representation *representation, struct error *err)
{
	struct application *application = request->application;
	bool built;

	if (!enter_gate(request, &application->export_gate, err))
		return false;
	built = build_bulk(request, dataset_export_build, db, representation, err);
	sem_post(&application->export_gate);
	return built;
}

bool resource_export(const struct request *request, struct response *response, struct error *err)
{
	return response_cache_respond(request, build_export, response, err);
}

/* The canonical path with its last segment replaced. */
static char *sibling(const struct request *request, const char *key)
{
	const char *path = request->canonical_path, *slash = strrchr(path, '/');

	return arena_format(request->arena, "%.*s/%s", (int)(slash - path), path, key);
}

/* Responds for an identifier that no record has. Another spelling redirects; a retracted record is
 * 410. */
static bool respond_missing(const struct request *request, struct response *response,
			    struct error *err)
{
	static const struct page_position none = {0};
	const struct application *application = request->application;
	const struct query_template *spelling =
		query_catalogue_find(application->queries, request->route->detail)->spelling;
	CLEANUP(rows_free) struct rows found = {0}, retracted = {0};
	const char *replaced_by, *path;

	if (spelling && !request_rows_read(request, application->db, spelling, &none, &found, err))
		return false;
	if (found.count == 1) {
		path = sibling(request, rows_text(&found, 0, 0));
		return path ? response_redirect(response, request, path, err)
			    : error_out_of_memory(err);
	}
	if (!request_rows_read(request, application->db, application->queries->retraction, &none,
			       &retracted, err))
		return false;
	if (retracted.count == 0)
		return error_tell(err, ERROR_NOT_FOUND, "No record has this identifier.",
				  "Aucun enregistrement ne porte cet identifiant.");
	replaced_by = rows_text(&retracted, 0, 0);
	if (!replaced_by)
		return error_tell(err, ERROR_GONE, "This record was retracted.",
				  "Cet enregistrement a été supprimé.");
	response_member(response, "replaced_by", replaced_by);
	return error_tell(err, ERROR_GONE, "This record was retracted; it is replaced by %s.",
			  "Cet enregistrement a été supprimé ; %s le remplace.", replaced_by);
}

bool resource_record(const struct request *request, struct response *response, struct error *err)
{
	return response_cache_respond(request, representation_record, response, err) ||
	       (err->kind == ERROR_NOT_FOUND && respond_missing(request, response, err));
}
