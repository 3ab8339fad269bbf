#include "api/response_cache/cached_response.h"

#include "api/application.h"
#include "api/response_cache/encoded_body.h"
#include "api/site/well_known.h"
#include "base/cleanup.h"
#include "base/buffer.h"
#include "codec/sha256.h"
#include "http/negotiation/media_type.h"

#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { HASH_DIGITS = 16 };

/* What an entry has of its own; a body that is too small to be coded lies behind the texts. */
struct head {
	struct encoded_body forms; /* first, since api/forms.c looks for it there */
	const char *media_type;	   /* outlives all entries */
	time_t modified;
	unsigned short next, disposition; /* where in `texts`; 0: there is none */
	char texts[];			  /* tag, address of the next page, name to save it under */
};

enum { TEXTS = offsetof(struct head, texts) };

/* A tag begins with the revision of a single record, so that an editor can be told a change of the
 * record from a change around it. */
static void add_tag(struct buffer *texts, const struct representation *representation)
{
	const char *record = representation->record_revision;
	char hash[65];

	sha256_hex(representation->body, representation->length, hash);
	buffer_format(texts, "%s%s%.*s", record, *record ? "-" : "", HASH_DIGITS, hash);
}

/* Under which name a browser saves what it does not show: the last part of the address. */
static void add_disposition(struct buffer *texts, const struct request *request)
{
	const char *name = strrchr(request->canonical_path, '/') + 1;
	const char *ending = strchr(name, '.');

	buffer_format(texts, "attachment; filename=\"%s%s%s\"", name, ending ? "" : ".",
		      ending ? "" : request->media->format);
}

/* The time of the newest revision or, where the day matters and was not asked for, the beginning
 * of today when that is later. */
static time_t last_modified(const struct request *request, long day,
			    const struct representation *representation)
{
	return day != ENTRY_ANY_DAY && request->midnight > representation->changed
		       ? request->midnight
		       : representation->changed;
}

/* Takes the body over without what its buffer had grown by: an entry is kept for long. */
static char *fitted(struct representation *representation)
{
	char *body = representation->body;
	char *smaller = realloc(body, representation->length);

	representation->body = NULL;
	return smaller ? smaller : body;
}

/* Fills the texts of a head; false when out of memory or too long. */
static bool write_texts(const struct request *request, const struct representation *representation,
			struct buffer *texts, struct head *head)
{
	add_tag(texts, representation);
	buffer_add(texts, "", 1);
	if (representation->next) {
		head->next = (unsigned short)texts->length;
		buffer_text(texts, representation->next);
		buffer_add(texts, "", 1);
	}
	if (request->media->bulk) {
		head->disposition = (unsigned short)texts->length;
		add_disposition(texts, request);
		buffer_add(texts, "", 1);
	}
	return !texts->failed && texts->length <= USHRT_MAX;
}

struct entry *cached_response_entry(const struct request *request, const char *key, long day,
				    bool keep, struct representation *representation)
{
	const struct entry_origin origin = {.revision = representation->revision, .day = day};
	const size_t length = representation->length;
	const bool small = length <= CODED_LEAST;
	CLEANUP(buffer_free) struct buffer texts = {0};
	struct head head = {.forms.length = length,
			    .media_type = request->media->type,
			    .modified = last_modified(request, day, representation)};
	struct entry *entry;

	if (!write_texts(request, representation, &texts, &head))
		return NULL;
	if (small)
		buffer_add(&texts, representation->body, length);
	entry = texts.failed ? NULL : entry_make(key, &origin, TEXTS + texts.length);
	if (!entry)
		return NULL;
	memcpy(entry->own, &head, TEXTS);
	memcpy(entry->own + TEXTS, texts.bytes, texts.length);
	if (small)
		encoded_body_small(entry, (char *)entry->own + TEXTS + texts.length - length);
	else
		encoded_body_begin(entry, fitted(representation), request,
				   keep && length <= CACHE_LARGEST);
	return entry;
}

static const struct head *head_of(const struct entry *entry)
{
	return (const struct head *)(const void *)entry->own;
}

static void release(void *holder)
{
	struct entry *entry = holder;

	entry_release(&entry);
}

struct recallable cached_response_recall(struct entry *entry)
{
	return (struct recallable){head_of(entry)->forms.each, release, entry};
}

static void add_link(struct response *response, const struct request *request, const char *next)
{
	const struct application *application = request->application;

	if (next)
		response_field(response, "Link", "<%s%s>; rel=\"next\"", request->public_url, next);
	response_field(response, "Link", "<%s>; rel=\"license\"", application->config->licence_url);
}

void cached_response_send(struct response *response, const struct request *request,
			  struct entry **entry, long age)
{
	const struct document *document = request->route->detail;
	const struct head *head = head_of(*entry);

	response_validators(response, head->texts, head->modified);
	response_field(response, "Dataset-Revision", "%llu",
		       (unsigned long long)(*entry)->origin.revision);
	if (document->entry)
		well_known_link_entry(response, request);
	add_link(response, request, head->next ? head->texts + head->next : NULL);
	if (head->disposition)
		response_field(response, "Content-Disposition", "%s",
			       head->texts + head->disposition);
	/* Not forwarded, since there is nobody to forward it to. (RFC 9211, section 2) */
	if (age >= 0) {
		response_field(response, "Age", "%ld", age);
		response_field(response, "Cache-Status", "cybertreaty; hit; ttl=-%ld", age);
	}
	response_shared(response, head->media_type, head->forms.each, release, *entry);
	/* Only what is kept can be found again, and an old one is looked at anew each time. */
	if (age < 0)
		response_recallable(response, (*entry)->key, (*entry)->serial);
	*entry = NULL;
}
