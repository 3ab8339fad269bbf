#include "api/finished.h"

#include "api/application.h"
#include "api/well_known.h"
#include "base/cleanup.h"
#include "base/strings.h"
#include "codec/coding.h"
#include "codec/sha256.h"
#include "http/negotiation.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { HASH_DIGITS = 16, PART_HEAD = 0, PART_FORMS = 1 };

/* The first part of an entry; the texts lie behind it in the same memory. */
struct head {
	const char *media_type;		      /* outlives all entries */
	const char *tag, *link, *disposition; /* disposition may be NULL */
	unsigned long long revision;
	time_t modified;
	struct reply_form forms[ENCODINGS];
	char texts[];
};

/* A tag begins with the revision of a single record, so that an editor can be told a change of the
 * record from a change around it. */
static void add_tag(struct buffer *texts, const struct representation *representation)
{
	const char *record = representation->record_revision;
	char hash[65];

	sha256_hex(representation->body, representation->length, hash);
	buffer_format(texts, "%s%s%.*s", record, *record ? "-" : "", HASH_DIGITS, hash);
}

static void add_link(struct buffer *texts, const struct request *request,
		     const struct representation *representation)
{
	const struct application *application = request->application;

	if (representation->next)
		buffer_format(texts, "<%s%s>; rel=\"next\", ", request->public_url,
			      representation->next);
	buffer_format(texts, "<%s>; rel=\"license\"", application->config->licence_url);
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

static struct head *make_head(const struct request *request, long day,
			      const struct representation *representation, size_t *size)
{
	CLEANUP(buffer_free) struct buffer texts = {0};
	size_t link, disposition = 0;
	struct head *head;

	add_tag(&texts, representation);
	buffer_add(&texts, "", 1);
	link = texts.length;
	add_link(&texts, request, representation);
	buffer_add(&texts, "", 1);
	if (request->media->bulk) {
		disposition = texts.length;
		add_disposition(&texts, request);
		buffer_add(&texts, "", 1);
	}
	*size = sizeof *head + texts.length;
	head = texts.failed ? NULL : malloc(*size);
	if (!head)
		return NULL;
	*head = (struct head){.media_type = request->media->type,
			      .revision = representation->revision,
			      .modified = last_modified(request, day, representation)};
	memcpy(head->texts, texts.bytes, texts.length);
	head->tag = head->texts;
	head->link = head->texts + link;
	head->disposition = disposition ? head->texts + disposition : NULL;
	return head;
}

/* A coding that cannot be made, or that saves nothing, is left out. */
static void add_coding(struct entry *entry, struct head *head, enum encoding encoding)
{
	const struct reply_form *plain = &head->forms[ENCODING_PLAIN];
	struct error unsaid;
	size_t length;
	char *coded;
	bool made = encoding == ENCODING_GZIP
			    ? coding_gzip(plain->bytes, plain->length, &coded, &length, &unsaid)
			    : coding_brotli(plain->bytes, plain->length, &coded, &length, &unsaid);

	if (!made)
		return;
	if (length >= plain->length) {
		free(coded);
		return;
	}
	entry_part(entry, PART_FORMS + (size_t)encoding, coded, length);
	head->forms[encoding] = (struct reply_form){coded, length};
}

static void add_codings(const struct request *request, struct entry *entry, struct head *head,
			bool keep)
{
	static const bool all[ENCODINGS] = {true, true, true};
	enum encoding wanted;

	if (head->forms[ENCODING_PLAIN].length <= CODED_LEAST)
		return;
	if (!encoding_pick(request_field(request, "Accept-Encoding"), all, &wanted))
		wanted = ENCODING_PLAIN;
	if (keep || wanted == ENCODING_GZIP)
		add_coding(entry, head, ENCODING_GZIP);
	if (keep || wanted == ENCODING_BROTLI)
		add_coding(entry, head, ENCODING_BROTLI);
}

/* Takes the body over without what its buffer had grown by: an entry is kept for long. */
static char *fitted(struct representation *representation)
{
	char *body = representation->body;
	char *smaller = representation->length ? realloc(body, representation->length) : NULL;

	representation->body = NULL;
	return smaller ? smaller : body;
}

struct entry *finished_entry(const struct request *request, const char *key, long day, bool keep,
			     struct representation *representation)
{
	const struct entry_origin origin = {.revision = representation->revision, .day = day};
	struct entry *entry = entry_make(key, &origin);
	struct head *head = NULL;
	size_t size;
	char *body;

	keep = keep && representation->length <= CACHE_LARGEST;
	if (entry)
		head = make_head(request, day, representation, &size);
	if (!head) {
		entry_release(&entry);
		return NULL;
	}
	entry_part(entry, PART_HEAD, head, size);
	body = fitted(representation);
	entry_part(entry, PART_FORMS, body, representation->length);
	head->forms[ENCODING_PLAIN] = (struct reply_form){body, representation->length};
	add_codings(request, entry, head, keep);
	return entry;
}

static void release(void *holder)
{
	struct entry *entry = holder;

	entry_release(&entry);
}

struct recalled finished_recall(struct entry *entry)
{
	const struct head *head = entry->parts[PART_HEAD].bytes;

	return (struct recalled){head->forms, release, entry};
}

void finished_reply(struct reply *reply, const struct request *request, struct entry **entry,
		    long age)
{
	const struct document *document = request->route->detail;
	const struct head *head = (*entry)->parts[PART_HEAD].bytes;

	reply_validators(reply, head->tag, head->modified);
	reply_field(reply, "Dataset-Revision", "%llu", head->revision);
	if (document->entry)
		link_entry(reply, request);
	reply_field(reply, "Link", "%s", head->link);
	if (head->disposition)
		reply_field(reply, "Content-Disposition", "%s", head->disposition);
	/* Not forwarded, since there is nobody to forward it to. (RFC 9211, section 2) */
	if (age >= 0) {
		reply_field(reply, "Age", "%ld", age);
		reply_field(reply, "Cache-Status", "cybertreaty; hit; ttl=-%ld", age);
	}
	reply_shared(reply, head->media_type, head->forms, release, *entry);
	/* Only what is kept can be found again, and an old one is looked at anew each time. */
	if (age < 0)
		reply_recallable(reply, (*entry)->key, (*entry)->serial);
	*entry = NULL;
}
