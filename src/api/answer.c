#include "api/answer.h"

#include "api/application.h"
#include "api/bind.h"
#include "api/export.h"
#include "api/gate.h"
#include "api/representation.h"
#include "api/well_known.h"
#include "base/cleanup.h"
#include "codec/sha256.h"
#include "http/negotiation.h"
#include "http/reply.h"

#include <string.h>

#include "base/banned.h"

enum { HASH_DIGITS = 16 };

/* Under which name a browser saves what it does not show: the last part of the address. */
static void name_file(struct reply *reply, const struct request *request)
{
	const char *name = strrchr(request->canonical_path, '/') + 1;
	const char *ending = strchr(name, '.');

	reply_field(reply, "Content-Disposition", "attachment; filename=\"%s%s%s\"", name,
		    ending ? "" : ".", ending ? "" : request->media->format);
}

/* A tag begins with the revision of a single record, so that an editor can be told a change of the
 * record from a change around it. */
static char *make_tag(const struct request *request, const struct representation *representation)
{
	const char *record = representation->record_revision;
	char hash[65];

	sha256_hex(representation->body, representation->length, hash);
	return arena_format(request->arena, "%s%s%.*s", record, *record ? "-" : "", HASH_DIGITS,
			    hash);
}

/* The time of the newest revision or, where the day matters and was not asked for, the beginning
 * of today when that is later. */
static time_t last_modified(const struct request *request,
			    const struct representation *representation)
{
	const struct document *document = request->route->detail;
	bool today = document->legal_time && !request_value(request, "as_of");

	return today && request->midnight > representation->changed ? request->midnight
								    : representation->changed;
}

static bool reply_representation(struct reply *reply, const struct request *request,
				 struct representation *representation, struct error *err)
{
	const struct application *application = request->application;
	const struct document *document = request->route->detail;
	char *body = representation->body, *tag = make_tag(request, representation);

	if (!tag)
		return error_out_of_memory(err);
	reply_validators(reply, tag, last_modified(request, representation));
	reply_field(reply, "Dataset-Revision", "%llu",
		    (unsigned long long)representation->revision);
	if (representation->next)
		reply_field(reply, "Link", "<%s%s>; rel=\"next\"", request->public_url,
			    representation->next);
	if (document->entry)
		link_entry(reply, request);
	reply_field(reply, "Link", "<%s>; rel=\"license\"", application->config->licence_url);
	representation->body = NULL;
	if (request->media->bulk)
		name_file(reply, request);
	return reply_body(reply, 200, request->media->type, body, representation->length, err);
}

bool answer_list(const struct request *request, struct reply *reply, struct error *err)
{
	CLEANUP(representation_free) struct representation representation = {0};

	if (representation_list(request, &representation, err))
		return reply_representation(reply, request, &representation, err);
	/* Every other value passed its check; what a cursor holds is seen only when it is used. */
	if (err->kind == ERROR_BAD_REQUEST && representation.mistaken)
		return reply_mistake(reply, representation.mistaken);
	return false;
}

bool answer_sections(const struct request *request, struct reply *reply, struct error *err)
{
	CLEANUP(representation_free) struct representation representation = {0};

	return representation_sections(request, &representation, err) &&
	       reply_representation(reply, request, &representation, err);
}

bool answer_export(const struct request *request, struct reply *reply, struct error *err)
{
	const struct application *application = request->application;
	CLEANUP(representation_free) struct representation representation = {0};
	bool built;

	/* It takes as much of the database and of memory as hundreds of other answers. */
	if (!gate_enter(application->export_gate, request->deadline, err))
		return false;
	built = representation_export(request, &representation, err);
	gate_leave(application->export_gate);
	return built && reply_representation(reply, request, &representation, err);
}

static bool query(const struct request *request, const struct derived *derived, struct rows *rows,
		  struct error *err)
{
	static const struct page none = {0};
	const struct application *application = request->application;
	const char *values[STATEMENT_PARAMETERS];

	return bind_values(request, derived, &none, values, err) &&
	       db_rows(application->db, &derived->statement, values, request->deadline, rows, err);
}

/* The canonical path with its last segment replaced. */
static char *sibling(const struct request *request, const char *key)
{
	const char *path = request->canonical_path, *slash = strrchr(path, '/');

	return arena_format(request->arena, "%.*s/%s", (int)(slash - path), path, key);
}

/* Answers for an identifier that is not there: it may be spelled otherwise, or be gone. */
static bool answer_missing(const struct request *request, struct reply *reply, struct error *err)
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
		return path ? reply_redirect(reply, request, path, err) : error_out_of_memory(err);
	}
	if (!query(request, application->retraction, &retraction, err))
		return false;
	if (retraction.count == 0)
		return error_set(err, ERROR_NOT_FOUND, "Nothing has this identifier.");
	replaced_by = rows_text(&retraction, 0, 0);
	if (replaced_by)
		reply_member(reply, "replaced_by", replaced_by);
	return error_set(err, ERROR_GONE, "This record was retracted%s%s.",
			 replaced_by ? "; it is replaced by " : "", replaced_by ? replaced_by : "");
}

bool answer_record(const struct request *request, struct reply *reply, struct error *err)
{
	CLEANUP(representation_free) struct representation representation = {0};

	if (representation_record(request, &representation, err))
		return reply_representation(reply, request, &representation, err);
	return err->kind == ERROR_NOT_FOUND && answer_missing(request, reply, err);
}
