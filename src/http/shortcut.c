#include "http/shortcut.h"

#include "http/date.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/banned.h"

enum {
	SLOTS = 2048, /* each holds one request, so that all take at most 7 MiB */
	SELECTION = 1024,
	LOCKS = 16,
};

struct slot {
	uint64_t hash;
	unsigned length;
	bool used; /* since another wanted its place */
	char selection[SELECTION];
	struct shortcut shortcut;
};

struct shortcuts {
	pthread_mutex_t locks[LOCKS];
	struct slot *slots[SLOTS]; /* NULL until they are used */
};

struct shortcuts *shortcuts_open(void)
{
	struct shortcuts *opened = calloc(1, sizeof *opened);

	for (size_t i = 0; opened && i < LOCKS; i++)
		pthread_mutex_init(&opened->locks[i], NULL);
	return opened;
}

void shortcuts_close(struct shortcuts **shortcuts)
{
	if (!*shortcuts)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		free((*shortcuts)->slots[i]);
	for (size_t i = 0; i < LOCKS; i++)
		pthread_mutex_destroy(&(*shortcuts)->locks[i]);
	free(*shortcuts);
	*shortcuts = NULL;
}

/* The texts one after the other, absent ones told from empty ones. 0 when they do not fit. */
static unsigned write_selection(const struct selection *selection, char text[SELECTION])
{
	const char *const parts[] = {selection->target, selection->accept,
				     selection->accept_language, selection->accept_encoding};
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

/* FNV-1a. Who finds two requests for one slot makes them take turns in it, no more. */
static uint64_t hash_of(const char *text, unsigned length)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (unsigned i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3u;
	return hash ^ hash >> 32;
}

static bool is_own(const char *name)
{
	/* They differ from request to request. */
	static const char *const own[] = {"X-Request-Id", "Connection",
					  "Access-Control-Allow-Origin",
					  "Access-Control-Expose-Headers", NULL};

	for (const char *const *each = own; *each; each++)
		if (strcasecmp(*each, name) == 0)
			return true;
	return false;
}

static bool add_field(struct shortcut *shortcut, const struct field *field)
{
	size_t room = sizeof shortcut->fields - shortcut->length;
	int length = snprintf(shortcut->fields + shortcut->length, room, "%s: %s\r\n", field->name,
			      field->value);

	if (length < 0 || (size_t)length >= room)
		return false;
	shortcut->length += (unsigned)length;
	if (strcmp(field->name, "ETag") != 0)
		return true;
	length = snprintf(shortcut->tag, sizeof shortcut->tag, "%s", field->value);
	return length > 0 && (size_t)length < sizeof shortcut->tag;
}

/* First those that a 304 has too, then the others. */
static bool add_fields(struct shortcut *shortcut, const struct reply *reply)
{
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < reply->field_count; i++) {
			const struct field *field = &reply->fields[i];

			if (is_own(field->name) || reply_lasts(field->name) != (pass == 0))
				continue;
			if (!add_field(shortcut, field))
				return false;
		}
		if (pass == 0)
			shortcut->lasting = shortcut->length;
	}
	return *shortcut->tag;
}

static bool read_reply(struct shortcut *shortcut, const struct exchange *exchange)
{
	const struct reply *reply = &exchange->reply;
	size_t key = strlen(reply->recall_key) + 1;

	if (key > sizeof shortcut->key || !add_fields(shortcut, reply))
		return false;
	memcpy(shortcut->key, reply->recall_key, key);
	shortcut->serial = reply->recall_serial;
	shortcut->route = exchange->request.route;
	shortcut->media_type = reply->media_type;
	shortcut->encoding = reply->encoding;
	shortcut->modified = reply->modified;
	shortcut->path_length = (unsigned)strlen(exchange->request.path);
	return true;
}

/* Of a request whose answer is worth noting: what it was chosen by. */
static bool may_be_noted(const struct incoming *incoming, const struct exchange *exchange)
{
	const struct reply *reply = &exchange->reply;

	return reply->status == 200 && reply->recall_key && !reply->failed && !exchange->close &&
	       *incoming->target == '/' && strlen(incoming->target) < SHORTCUT_TARGET &&
	       !request_field(&exchange->request, "Authorization") &&
	       /* Its Last-Modified will change. */
	       (!reply->modified || date_settled(reply->modified) == reply->modified);
}

static bool is_same(const struct slot *slot, uint64_t hash, const char *selection, unsigned length)
{
	return slot && slot->hash == hash && slot->length == length &&
	       memcmp(slot->selection, selection, length) == 0;
}

/* Whoever sends ever new fields must not drive out what others use: that stays when a place is
 * wanted for the first time since its last use. */
static bool gives_way(struct slot *present, const struct slot *made)
{
	bool used = present && present->used;

	if (!used || is_same(present, made->hash, made->selection, made->length))
		return true;
	present->used = false;
	return false;
}

void shortcut_note(struct shortcuts *shortcuts, const struct incoming *incoming,
		   const struct exchange *exchange)
{
	const struct request *request = &exchange->request;
	struct selection selection = {.target = incoming->target};
	struct slot *made, *left, **place;
	pthread_mutex_t *lock;

	if (!shortcuts || !may_be_noted(incoming, exchange))
		return;
	selection.accept = request_field(request, "Accept");
	selection.accept_language = request_field(request, "Accept-Language");
	selection.accept_encoding = request_field(request, "Accept-Encoding");
	made = calloc(1, sizeof *made);
	if (made)
		made->length = write_selection(&selection, made->selection);
	if (!made || made->length == 0 || !read_reply(&made->shortcut, exchange)) {
		free(made);
		return;
	}
	made->hash = hash_of(made->selection, made->length);
	lock = &shortcuts->locks[made->hash % LOCKS];
	pthread_mutex_lock(lock);
	place = &shortcuts->slots[made->hash % SLOTS];
	left = made;
	if (gives_way(*place, made)) {
		left = *place;
		*place = made;
	}
	pthread_mutex_unlock(lock);
	free(left);
}

bool shortcut_find(struct shortcuts *shortcuts, const struct selection *selection,
		   struct shortcut *found)
{
	char text[SELECTION];
	unsigned length = write_selection(selection, text);
	struct slot *slot;
	pthread_mutex_t *lock;
	uint64_t hash;
	bool known;

	if (length == 0)
		return false;
	hash = hash_of(text, length);
	lock = &shortcuts->locks[hash % LOCKS];
	pthread_mutex_lock(lock);
	slot = shortcuts->slots[hash % SLOTS];
	known = is_same(slot, hash, text, length);
	if (known) {
		slot->used = true;
		*found = slot->shortcut;
	}
	pthread_mutex_unlock(lock);
	return known;
}
