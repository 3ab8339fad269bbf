#include "api/response_cache/cached_response.h"

#include "api/application.h"
#include "api/response_cache/gzip_form.h"
#include "base/cleanup.h"
#include "base/buffer.h"
#include "cache/cache.h"
#include "codec/sha256.h"
#include "http/negotiation/content_coding.h"
#include "http/negotiation/media_type.h"

#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { HASH_DIGITS = 16, DAY_SECONDS = 86400 };

/* An entry's own bytes. */
struct cached_head {
	struct response_form forms[CODINGS];
	const char *media_type; /* outlives all entries */
	time_t modified;
	unsigned short next; /* offset in `texts`; 0: there is none */
	char texts[];	     /* tag, address of the next page */
};

enum { TEXTS = offsetof(struct cached_head, texts) };

/* The bodies of an entry that have a block for themselves. */
enum { BODY_PLAIN, BODY_GZIP };

/* The tag of a single record begins with its revision: an editor can then tell a change of the
 * record from a change around it. */
static void add_tag(struct buffer *texts, const struct representation *representation)
{
	const char *record = representation->record_revision;
	char hash[65];

	sha256_hex(representation->body, representation->length, hash);
	buffer_format(texts, "%s%s%.*s", record, *record ? "-" : "", HASH_DIGITS, hash);
}

/* A browser that saves the body names the file after the last segment of the path. */
static void add_disposition(struct response *response, const struct request *request)
{
	const char *name = strrchr(request->canonical_path, '/') + 1;
	const char *ending = strchr(name, '.');

	response_field(response, "Content-Disposition", "attachment; filename=\"%s%s%s\"", name,
		       ending ? "" : ".", ending ? "" : request->media->format);
}

/* The time of the newest revision. When the response holds for today alone, the beginning of today
 * if that is later. */
static time_t last_modified(const struct request *request, long day,
			    const struct representation *representation)
{
	const time_t changed = (time_t)(representation->changed / 1000000);

	return day != ENTRY_ANY_DAY && request->midnight > changed ? request->midnight : changed;
}

/* Takes the body without the unused rest of its buffer, since an entry may live for long. */
static char *take_body(struct representation *representation)
{
	char *body = representation->body;
	char *smaller = realloc(body, representation->length ? representation->length : 1);

	representation->body = NULL;
	return smaller ? smaller : body;
}

/* False when out of memory or when the texts are too long. */
static bool write_texts(const struct representation *representation, struct buffer *texts,
			struct cached_head *head)
{
	add_tag(texts, representation);
	buffer_add(texts, "", 1);
	if (representation->next) {
		head->next = (unsigned short)texts->length;
		buffer_text(texts, representation->next);
		buffer_add(texts, "", 1);
	}
	return !texts->failed && texts->length <= USHRT_MAX;
}

struct entry *cached_response_entry(const struct request *request, const char *key, long day,
				    bool keep, struct representation *representation)
{
	const struct entry_validity made = {representation->revision, day};
	const size_t length = representation->length;
	CLEANUP(buffer_free) struct buffer texts = {0};
	struct cached_head head = {.media_type = request->media->type,
				   .modified = last_modified(request, day, representation)};
	struct entry *entry;
	char *body;

	if (!write_texts(representation, &texts, &head))
		return NULL;
	entry = entry_make(key, &made, TEXTS + texts.length);
	if (!entry)
		return NULL;
	body = take_body(representation);
	entry_add(entry, BODY_PLAIN, body);
	head.forms[CODING_IDENTITY] = (struct response_form){body, length};
	if ((keep && length <= CACHE_LARGEST) || gzip_form_accepted(request))
		entry_add(entry, BODY_GZIP,
			  gzip_form_make(&head.forms[CODING_IDENTITY], &head.forms[CODING_GZIP]));
	memcpy(entry->own, &head, TEXTS);
	memcpy(entry->own + TEXTS, texts.bytes, texts.length);
	return entry;
}

static const struct cached_head *head_of(const struct entry *entry)
{
	return (const struct cached_head *)(const void *)entry->own;
}

static void release_entry(void *holder)
{
	struct entry *entry = holder;

	entry_release(&entry);
}

struct recallable cached_response_recall(struct entry *entry)
{
	return (struct recallable){head_of(entry)->forms, release_entry, entry};
}

static void add_link(struct response *response, const struct request *request, const char *next)
{
	const struct application *application = request->application;

	if (next)
		response_field(response, "Link", "<%s%s>; rel=\"next\"", request->public_url, next);
	response_field(response, "Link", "<%s>; rel=\"license\"", application->config->licence_url);
}

void cached_response_send(struct response *response, const struct request *request,
			  struct entry **entry, const char *origin, long age)
{
	const struct cached_head *head = head_of(*entry);

	response->origin = origin;
	if ((*entry)->validity.day != ENTRY_ANY_DAY)
		response->ends = request->midnight + DAY_SECONDS;
	response_validators(response, head->texts, head->modified);
	response_field(response, "Dataset-Revision", "%llu",
		       (unsigned long long)(*entry)->validity.revision);
	add_link(response, request, head->next ? head->texts + head->next : NULL);
	if (request->media->bulk)
		add_disposition(response, request);
	/* A hit that was not forwarded: `ttl` is negative for a stale response. (RFC 9211) */
	if (age >= 0) {
		response_field(response, "Age", "%ld", age);
		response_field(response, "Cache-Status", "cybertreaty; hit; ttl=-%ld", age);
	}
	response_shared(response, head->media_type, head->forms, release_entry, *entry);
	/* The age of a stale response changes, so each request looks it up again. */
	response->recall_key = age < 0 ? (*entry)->key : NULL;
	response->recall_serial = (*entry)->serial;
	*entry = NULL;
}
