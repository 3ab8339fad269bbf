#include "api/response_cache/response_cache.h"

#include "api/application.h"
#include "api/read/canonical_url.h"
#include "api/validate/country_codes.h"
#include "api/response_cache/cached_response.h"
#include "api/response_cache/encoded_body.h"
#include "api/read/include.h"
#include "base/cleanup.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { DAY_SECONDS = 86400 };

/* What is being asked of the cache. */
struct question {
	const char *key;
	struct entry_origin wanted;
	long day; /* that an answer would be bound to, or ENTRY_ANY_DAY */
	bool other;
};

long response_cache_day(const struct request *request)
{
	if (!include_legal_time(request) || request_value(request, "as_of"))
		return ENTRY_ANY_DAY;
	return (long)(request->midnight / DAY_SECONDS);
}

struct entry_origin response_cache_origin(const struct request *request)
{
	const struct application *application = request->application;

	return (struct entry_origin){.revision = dataset_revision_newest(application->newest),
				     .day = (long)(request->midnight / DAY_SECONDS)};
}

/* There are endlessly many values of these, so that few are asked for twice. */
static bool is_other(const struct request *request)
{
	static const char *const endless[] = {"as_of", "q", "cursor", "updated_since",
					      "after_revision"};

	for (size_t i = 0; i < sizeof endless / sizeof *endless; i++)
		if (request_value(request, endless[i]))
			return true;
	return false;
}

static bool ask_for(const struct request *request, struct question *question, struct error *err)
{
	question->key = canonical_url_key(request);
	question->day = response_cache_day(request);
	question->wanted = response_cache_origin(request);
	question->other = is_other(request);
	return question->key || error_out_of_memory(err);
}

/* How many seconds ago an entry was certainly current; -1 when it may not be given any more. */
static long age_of(const struct request *request, const struct question *question,
		   const struct entry *entry)
{
	const struct application *application = request->application;
	int64_t now = entry_clock(), current = dataset_revision_contact(application->newest);
	long age;

	if (entry->origin.revision < question->wanted.revision || current < entry->stored)
		current = entry->stored;
	if (entry->origin.day != ENTRY_ANY_DAY && entry->origin.day != question->wanted.day) {
		/* It ended with its day. */
		int64_t past = (time(NULL) - (entry->origin.day + 1) * DAY_SECONDS) * 1000;

		if (now - past < current)
			current = now - past;
	}
	age = (long)((now - current) / 1000);
	return age <= application->config->max_stale ? age : -1;
}

/* Answers with an entry and lets go of it, in a form that is made now when it is missing. */
static bool give(const struct request *request, struct entry **entry, long age, const char *origin,
		 struct response *response, struct error *err)
{
	const struct application *application = request->application;

	if (!encoded_body_fits(*entry, request)) {
		struct entry *completed = encoded_body_completed(*entry, request);

		if (completed)
			cache_replace(application->cache, *entry, completed);
		entry_release(entry);
		*entry = completed;
	}
	if (!*entry)
		return error_out_of_memory(err);
	response_origin(response, origin);
	cached_response_send(response, request, entry, age);
	return true;
}

/* Answers with an entry that may be old; takes it over. False when there is none or it may not be
 * given any more. */
static bool answer_stale(const struct request *request, const struct question *question,
			 struct entry **entry, struct response *response)
{
	const struct application *application = request->application;
	long age = *entry ? age_of(request, question, *entry) : -1;
	struct error unsaid;

	if (age < 0) {
		entry_release(entry);
		return false;
	}
	cache_count_stale(application->cache);
	return give(request, entry, age, "stale", response, &unsaid);
}

/* Asks the database for reads and, when that is behind what was heard of, once the primary. What
 * is behind even then is given, but not kept. */
static bool build_current(const struct request *request, representation_build *build,
			  const struct question *question, struct representation *representation,
			  struct error *err)
{
	const struct application *application = request->application;
	struct representation again = {0};
	struct error unsaid;

	if (!build(request, application->db, representation, err))
		return false;
	if (representation->revision < question->wanted.revision &&
	    application->primary != application->db &&
	    build(request, application->primary, &again, &unsaid)) {
		representation_free(representation);
		*representation = again;
	}
	dataset_revision_saw(application->newest, representation->revision);
	country_codes_saw(application->countries, representation->revision);
	return true;
}

/* Makes the answer and tells those who wait for it. */
static bool make(const struct request *request, representation_build *build,
		 const struct question *question, struct cache_turn *turn, struct entry **entry,
		 const char **mistaken, struct error *err)
{
	const struct application *application = request->application;
	CLEANUP(representation_free) struct representation representation = {0};
	bool built = build_current(request, build, question, &representation, err);

	*mistaken = representation.mistaken;
	if (built) {
		turn->keep = turn->keep && representation.revision >= question->wanted.revision;
		*entry = cached_response_entry(request, question->key, question->day, turn->keep,
					       &representation);
		built = *entry || error_out_of_memory(err);
	}
	cache_built(application->cache, turn, *entry);
	return built;
}

struct recallable response_cache_recall(void *context, const char *key, uint64_t serial)
{
	const struct application *application = context;
	const struct entry_origin wanted = {.revision =
						    dataset_revision_newest(application->newest),
					    .day = (long)(time(NULL) / DAY_SECONDS)};
	struct entry *entry;

	if (dataset_revision_away(application->newest))
		return (struct recallable){0};
	entry = cache_again(application->cache, key, serial, &wanted);
	return entry ? cached_response_recall(entry) : (struct recallable){0};
}

bool response_cache_answer(const struct request *request, representation_build *build,
			   struct response *response, const char **mistaken, struct error *err)
{
	const struct application *application = request->application;
	struct cache_turn turn = {0};
	struct entry_origin must;
	struct question question;
	struct entry *entry = NULL;

	*mistaken = NULL;
	if (!ask_for(request, &question, err))
		return false;
	must = question.wanted;
	if (dataset_revision_away(application->newest)) {
		entry = cache_find(application->cache, question.key, true);
		if (answer_stale(request, &question, &entry, response))
			return true;
		/* What is kept is too old to be believed, whatever its revision. */
		must.revision = UINT64_MAX;
	}
	switch (cache_ask(application->cache, question.key, question.other, &must,
			  request->deadline, &turn)) {
	case CACHE_HIT:
		return give(request, &turn.entry, -1, "hit", response, err);
	case CACHE_LATE:
		return answer_stale(request, &question, &turn.entry, response) ||
		       error_set(err, ERROR_UNAVAILABLE, "Nobody made the answer in time.");
	case CACHE_BUILD:
		break;
	}
	if (make(request, build, &question, &turn, &entry, mistaken, err)) {
		entry_release(&turn.entry);
		if (!give(request, &entry, -1, "miss", response, err))
			return false;
		if (!turn.keep)
			response_recallable(response, NULL, 0);
		return true;
	}
	if (err->kind == ERROR_UNAVAILABLE)
		return answer_stale(request, &question, &turn.entry, response);
	entry_release(&turn.entry);
	return false;
}
