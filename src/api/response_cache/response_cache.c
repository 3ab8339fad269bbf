#include "api/response_cache/response_cache.h"

#include "api/application.h"
#include "api/documents.h"
#include "api/read/canonical_url.h"
#include "api/response_cache/cached_response.h"
#include "api/response_cache/dataset_revision.h"
#include "api/validate/country_codes.h"
#include "base/cleanup.h"
#include "cache/cache.h"
#include "http/negotiation/media_type.h"
#include "http/routing/route.h"

#include <stdlib.h>
#include <time.h>

#include "base/banned.h"

enum { DAY_SECONDS = 86400 };

/* What the response to a request depends on: its canonical address, the revision of the dataset
 * and, where legal time matters, the day. */
struct validity {
	const char *key;
	struct dataset_state dataset; /* the newest one known when the request came */
	long today;		      /* days since 1970, in UTC */
	bool daily;		      /* the response holds for today alone: no day was requested */
};

/* True when few requests for the same response are to be expected. */
static bool is_rare(const struct request *request)
{
	for (size_t i = 0; i < request->value_count; i++)
		if (request->values[i].parameter->endless)
			return true;
	return false;
}

static bool read_validity(const struct request *request, struct validity *validity,
			  struct error *err)
{
	const struct application *application = request->application;

	validity->key = canonical_url_key(request);
	validity->dataset = dataset_revision_state(application->newest);
	validity->today = (long)(request->midnight / DAY_SECONDS);
	/* Memberships are those of the day. */
	validity->daily =
		(documents_legal_time(request->route->detail, request_value(request, "include")) ||
		 request_value(request, "member_of")) &&
		!request_value(request, "as_of");
	return validity->key || error_out_of_memory(err);
}

/* How many seconds ago an entry was certainly current; -1 when it is too old to be served. */
static long age_of(const struct request *request, const struct validity *validity,
		   const struct entry *entry)
{
	const struct application *application = request->application;
	int64_t now = entry_clock(), current = dataset_revision_contact(application->newest);
	long age;

	if (entry->validity.revision < validity->dataset.revision || current < entry->stored)
		current = entry->stored;
	if (entry->validity.day != ENTRY_ANY_DAY && entry->validity.day != validity->today) {
		/* It ended with its day. */
		int64_t past =
			(time(NULL) - (entry->validity.day + 1) * DAY_SECONDS) * INT64_C(1000);

		if (now - past < current)
			current = now - past;
	}
	age = (long)((now - current) / 1000);
	return age <= application->config->max_stale ? age : -1;
}

/* Sends an entry that may be stale and takes ownership of that use of it. False when there is none
 * or when it is too old. */
static bool send_stale(const struct request *request, const struct validity *validity,
		       struct entry **entry, struct response *response)
{
	const struct application *application = request->application;
	long age = *entry ? age_of(request, validity, *entry) : -1;

	if (age < 0) {
		entry_release(entry);
		return false;
	}
	cache_count_stale(application->cache);
	cached_response_send(response, request, entry, "stale", age);
	return true;
}

/* Builds from a database and takes note of the state that it had. */
static bool build_from(const struct request *request, representation_build *build, struct db *db,
		       const struct validity *validity, struct representation *representation,
		       struct error *err)
{
	const struct application *application = request->application;
	struct dataset_state seen;

	if (!build(request, db, representation, err))
		return false;
	seen = (struct dataset_state){representation->revision, representation->changed};
	dataset_revision_saw(application->newest, &validity->dataset, &seen,
			     db == application->primary);
	country_codes_saw(application->countries, representation->revision);
	return true;
}

/* Whether what the query read is not behind the newest known dataset, nor of another one. */
static bool is_current(const struct validity *validity, const struct representation *read)
{
	const struct dataset_state *newest = &validity->dataset;

	return read->revision > newest->revision ||
	       (read->revision == newest->revision &&
		(!newest->changed || read->changed == newest->changed));
}

/* Queries the database for reads. When that is behind the newest known state, or of another
 * dataset, queries the primary once. */
static bool build_current(const struct request *request, representation_build *build,
			  const struct validity *validity, struct representation *representation,
			  struct error *err)
{
	const struct application *application = request->application;
	struct representation again = {0};
	struct error unused;

	if (!build_from(request, build, application->db, validity, representation, err))
		return false;
	if (!is_current(validity, representation) && application->primary != application->db &&
	    build_from(request, build, application->primary, validity, &again, &unused)) {
		representation_free(representation);
		*representation = again;
	}
	return true;
}

/* Builds an entry and completes the lookup with it, also when that fails. An entry that is not
 * current is sent but not stored. */
static bool build_entry(const struct request *request, representation_build *build,
			const struct validity *validity, struct cache_lookup *lookup,
			struct entry **entry, struct response *response, struct error *err)
{
	const struct application *application = request->application;
	CLEANUP(representation_free) struct representation representation = {0};
	bool built = build_current(request, build, validity, &representation, err);

	/* Every other value passed its check; a cursor is decoded only when it is used. */
	response->mistaken = representation.mistaken;
	if (built) {
		lookup->keep = lookup->keep && is_current(validity, &representation);
		*entry = cached_response_entry(request, validity->key,
					       validity->daily ? validity->today : ENTRY_ANY_DAY,
					       lookup->keep, &representation);
		built = *entry || error_out_of_memory(err);
	}
	cache_complete(application->cache, lookup, *entry);
	return built;
}

struct recallable response_cache_recall(void *context, const char *key, uint64_t serial)
{
	const struct application *application = context;
	const struct entry_validity wanted = {
		.revision = dataset_revision_newest(application->newest),
		.day = (long)(time(NULL) / DAY_SECONDS),
	};
	struct entry *entry;

	if (dataset_revision_away(application->newest))
		return (struct recallable){0};
	entry = cache_recall(application->cache, key, serial, &wanted);
	return entry ? cached_response_recall(entry) : (struct recallable){0};
}

/* Sends what the build after a CACHE_MISS returns. */
static bool respond_to_miss(const struct request *request, representation_build *build,
			    const struct validity *validity, struct cache_lookup *lookup,
			    struct response *response, struct error *err)
{
	struct entry *entry = NULL;

	if (build_entry(request, build, validity, lookup, &entry, response, err)) {
		entry_release(&lookup->entry);
		cached_response_send(response, request, &entry, "miss", -1);
		if (!lookup->keep)
			response->recall_key = NULL;
		return true;
	}
	if (err->kind == ERROR_UNAVAILABLE)
		return send_stale(request, validity, &lookup->entry, response);
	entry_release(&lookup->entry);
	return false;
}

bool response_cache_respond(const struct request *request, representation_build *build,
			    struct response *response, struct error *err)
{
	struct application *application = request->application;
	struct cache_lookup lookup = {.waits = request->media->bulk ? &application->bulk_waits
								    : NULL};
	struct validity validity;
	struct entry_validity wanted;

	if (!read_validity(request, &validity, err))
		return false;
	wanted = (struct entry_validity){validity.dataset.revision, validity.today};
	if (dataset_revision_away(application->newest)) {
		struct entry *entry = cache_find(application->cache, validity.key, true);

		if (send_stale(request, &validity, &entry, response))
			return true;
		/* No entry is current, whatever its revision. */
		wanted.revision = UINT64_MAX;
	}
	switch (cache_get(application->cache, validity.key, is_rare(request), &wanted,
			  request->deadline, &lookup)) {
	case CACHE_HIT:
		cached_response_send(response, request, &lookup.entry, "hit", -1);
		return true;
	case CACHE_TIMEOUT:
		return send_stale(request, &validity, &lookup.entry, response) ||
		       error_set(err, ERROR_UNAVAILABLE,
				 "The response is being built for another request.");
	case CACHE_MISS:
		break;
	}
	return respond_to_miss(request, build, &validity, &lookup, response, err);
}
