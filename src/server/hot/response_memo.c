#include "server/hot/response_memo.h"

#include "http/message/http_date.h"
#include "http/routing/freshness.h"

#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/banned.h"

enum {
	SLOTS = 2048, /* each holds one request, most of them in less than 1 KiB */
	SELECTION = 1024,
	LOCKS = 16,
};

struct slot {
	uint64_t hash;
	unsigned length; /* of the selection */
	bool used;	 /* since another request last competed for the slot */
	/* Its texts are the last; as many as there are, and behind them the selection. */
	struct memo_entry entry;
};

struct response_memo {
	pthread_mutex_t locks[LOCKS];
	struct slot *slots[SLOTS]; /* NULL until they are used */
};

struct response_memo *response_memo_open(void)
{
	struct response_memo *opened = calloc(1, sizeof *opened);

	for (size_t i = 0; opened && i < LOCKS; i++)
		pthread_mutex_init(&opened->locks[i], NULL);
	return opened;
}

void response_memo_close(struct response_memo **memo)
{
	if (!*memo)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		free((*memo)->slots[i]);
	for (size_t i = 0; i < LOCKS; i++)
		pthread_mutex_destroy(&(*memo)->locks[i]);
	free(*memo);
	*memo = NULL;
}

/* True when nothing but the texts of write_selection chooses the response, and dispatch need not
 * decide: GET or HEAD, no field in several lines, no key. */
static bool is_ordinary(const struct raw_request *raw)
{
	return (strcmp(raw->method, "GET") == 0 || strcmp(raw->method, "HEAD") == 0) &&
	       raw->fields.repeated == 0 && !raw->fields.values[FIELD_AUTHORIZATION];
}

/* Writes what chooses the response; an absent field differs from an empty one. Returns the length,
 * 0 when it does not fit. */
static unsigned write_selection(const struct raw_request *raw, char text[SELECTION])
{
	const char *const *values = raw->fields.values;
	const char *const parts[] = {raw->target, values[FIELD_ACCEPT],
				     values[FIELD_ACCEPT_LANGUAGE], values[FIELD_ACCEPT_ENCODING]};
	size_t length = 0;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		size_t part = parts[i] ? strlen(parts[i]) : 0;

		if (length + part + 2 > SELECTION)
			return 0;
		text[length++] = parts[i] ? '+' : '-';
		if (part)
			memcpy(text + length, parts[i], part);
		length += part;
		text[length++] = '\0';
	}
	return (unsigned)length;
}

/* FNV-1a. Two requests with one hash only replace each other in their slot. */
static uint64_t hash_of(const char *text, unsigned length)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (unsigned i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3u;
	return hash ^ hash >> 32;
}

static bool is_per_request(const char *name)
{
	/* These differ from request to request. */
	static const char *const names[] = {"X-Request-Id", "Connection",
					    "Access-Control-Allow-Origin",
					    "Access-Control-Expose-Headers", NULL};

	for (const char *const *each = names; *each; each++)
		if (strcasecmp(*each, name) == 0)
			return true;
	return false;
}

/* Adds texts behind those that are there; false when they do not fit. */
static bool add_text(struct memo_entry *entry, const char *text, size_t length)
{
	if (length > sizeof entry->texts - entry->size)
		return false;
	memcpy(entry->texts + entry->size, text, length);
	entry->size += (unsigned)length;
	return true;
}

static bool add_field(struct memo_entry *entry, const struct field *field)
{
	return add_text(entry, field->name, strlen(field->name)) && add_text(entry, ": ", 2) &&
	       add_text(entry, field->value, strlen(field->value)) && add_text(entry, "\r\n", 2);
}

/* Adds first the fields that a 304 has as well, then the others. */
static bool add_fields(struct memo_entry *entry, const struct response *response)
{
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < response->field_count; i++) {
			const struct field *field = &response->fields[i];

			if (is_per_request(field->name) ||
			    response_lasts(field->name) != (pass == 0))
				continue;
			if (!add_field(entry, field))
				return false;
		}
		if (pass == 0)
			entry->lasting = entry->size;
	}
	entry->length = entry->size;
	return true;
}

static const char *tag_of(const struct response *response)
{
	for (size_t i = 0; i < response->field_count; i++)
		if (strcmp(response->fields[i].name, "ETag") == 0)
			return response->fields[i].value;
	return NULL;
}

static bool read_response(struct memo_entry *entry, const struct exchange *exchange)
{
	const struct response *response = &exchange->response;
	const char *tag = tag_of(response);

	entry->size = 0;
	if (!tag || !add_fields(entry, response))
		return false;
	entry->key = entry->size;
	if (!add_text(entry, response->recall_key, strlen(response->recall_key) + 1))
		return false;
	entry->tag = entry->size;
	entry->serial = response->recall_serial;
	entry->route = exchange->request.route;
	entry->media_type = response->media_type;
	entry->coding = response->coding;
	entry->modified = response->modified;
	entry->ends = response->ends;
	entry->path_length = (unsigned)strlen(exchange->request.path);
	return add_text(entry, tag, strlen(tag) + 1);
}

/* Bytes of an entry with its texts. */
static size_t size_of(const struct memo_entry *entry)
{
	return offsetof(struct memo_entry, texts) + entry->size;
}

static const char *selection_of(const struct slot *slot)
{
	return (const char *)&slot->entry + size_of(&slot->entry);
}

static struct slot *make_slot(const struct memo_entry *entry, const char *selection,
			      unsigned length)
{
	struct slot *made = malloc(offsetof(struct slot, entry) + size_of(entry) + length);

	if (!made)
		return NULL;
	made->hash = hash_of(selection, length);
	made->length = length;
	made->used = false;
	memcpy(&made->entry, entry, size_of(entry));
	memcpy((char *)&made->entry + size_of(entry), selection, length);
	return made;
}

static bool may_be_noted(const struct raw_request *raw, const struct exchange *exchange)
{
	const struct response *response = &exchange->response;

	return response->status == 200 && response->recall_key && !response->failed &&
	       !exchange->close && *raw->target == '/' && strlen(raw->target) < MEMO_TARGET &&
	       is_ordinary(raw) && freshness_is_full(time(NULL), response->ends) &&
	       /* Its Last-Modified will change. */
	       (!response->modified || http_date_settled(response->modified) == response->modified);
}

static bool is_same(const struct slot *slot, uint64_t hash, const char *selection, unsigned length)
{
	return slot && slot->hash == hash && slot->length == length &&
	       memcmp(selection_of(slot), selection, length) == 0;
}

/* A client that sends different fields each time must not evict the entries of other clients: a
 * used entry survives one attempt. */
static bool is_replaceable(struct slot *present, const struct slot *made)
{
	bool used = present && present->used;

	if (!used || is_same(present, made->hash, selection_of(made), made->length))
		return true;
	present->used = false;
	return false;
}

void response_memo_note(struct response_memo *memo, const struct raw_request *raw,
			const struct exchange *exchange)
{
	struct memo_entry entry;
	char text[SELECTION];
	unsigned length;
	struct slot *made, *left, **place;
	pthread_mutex_t *lock;

	if (!memo || !may_be_noted(raw, exchange))
		return;
	length = write_selection(raw, text);
	if (length == 0 || !read_response(&entry, exchange))
		return;
	made = make_slot(&entry, text, length);
	if (!made)
		return;
	lock = &memo->locks[made->hash % LOCKS];
	pthread_mutex_lock(lock);
	place = &memo->slots[made->hash % SLOTS];
	left = made;
	if (is_replaceable(*place, made)) {
		left = *place;
		*place = made;
	}
	pthread_mutex_unlock(lock);
	free(left);
}

bool response_memo_find(struct response_memo *memo, const struct raw_request *raw,
			struct memo_entry *found)
{
	char text[SELECTION];
	unsigned length = is_ordinary(raw) ? write_selection(raw, text) : 0;
	struct slot *slot;
	pthread_mutex_t *lock;
	uint64_t hash;
	bool known;

	if (length == 0)
		return false;
	hash = hash_of(text, length);
	lock = &memo->locks[hash % LOCKS];
	pthread_mutex_lock(lock);
	slot = memo->slots[hash % SLOTS];
	known = is_same(slot, hash, text, length);
	if (known) {
		slot->used = true;
		memcpy(found, &slot->entry, size_of(&slot->entry));
	}
	pthread_mutex_unlock(lock);
	return known;
}
