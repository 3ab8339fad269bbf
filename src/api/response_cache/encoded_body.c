#include "api/response_cache/encoded_body.h"

#include "codec/coding.h"
#include "codec/inflate.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static struct forms *forms_of(struct entry *entry)
{
	return (struct forms *)(void *)entry->own;
}

static const struct forms *look(const struct entry *entry)
{
	return (const struct forms *)(const void *)entry->own;
}

static void put(struct entry *entry, enum encoding encoding, char *bytes, size_t length)
{
	forms_of(entry)->each[encoding] = (struct reply_form){bytes, length};
	entry_part(entry, encoding, bytes);
}

static bool code(enum encoding encoding, const struct reply_form *plain, char **coded,
		 size_t *length)
{
	struct error unsaid;

	return encoding == ENCODING_GZIP
		       ? coding_gzip(plain->bytes, plain->length, coded, length, &unsaid)
		       : coding_brotli(plain->bytes, plain->length, coded, length, &unsaid);
}

/* A coding that cannot be made, or that saves nothing, is not tried again. */
static void add_coding(struct entry *entry, enum encoding encoding, const struct reply_form *plain)
{
	struct forms *forms = forms_of(entry);
	size_t length;
	char *coded;

	if (!code(encoding, plain, &coded, &length)) {
		forms->useless[encoding] = true;
	} else if (length >= plain->length) {
		forms->useless[encoding] = true;
		free(coded);
	} else {
		put(entry, encoding, coded, length);
	}
}

/* Makes a form from the plain one, which for that is made from the gzip one when it is not there.
 * False when out of memory. */
static bool add(struct entry *entry, enum encoding encoding)
{
	struct reply_form plain = forms_of(entry)->each[ENCODING_PLAIN];
	const struct reply_form *gzip = &forms_of(entry)->each[ENCODING_GZIP];
	char *unpacked = NULL;
	struct error unsaid;

	if (!plain.bytes) {
		if (!inflate_gzip(gzip->bytes, gzip->length, forms_of(entry)->length, &unpacked,
				  &plain.length, &unsaid))
			return false;
		plain.bytes = unpacked;
	}
	if (encoding == ENCODING_PLAIN) {
		put(entry, ENCODING_PLAIN, unpacked, plain.length);
		return true;
	}
	add_coding(entry, encoding, &plain);
	free(unpacked);
	return true;
}

/* In which form the request is answered, once that exists. */
static enum encoding wanted(const struct forms *forms, const struct request *request)
{
	bool available[ENCODINGS];
	enum encoding picked;

	for (int i = 0; i < ENCODINGS; i++)
		available[i] = !forms->useless[i];
	encoding_pick(request_field(request, FIELD_ACCEPT_ENCODING), available, &picked);
	return picked;
}

bool forms_fit(const struct entry *entry, const struct request *request)
{
	const struct forms *forms = look(entry);

	return forms->each[wanted(forms, request)].bytes;
}

/* Each turn makes a form or learns that there is none. False when out of memory. */
static bool complete(struct entry *entry, const struct request *request)
{
	while (!forms_fit(entry, request))
		if (!add(entry, wanted(look(entry), request)))
			return false;
	if (!look(entry)->each[ENCODING_GZIP].bytes)
		return true;
	entry_can_spare(entry, ENCODING_PLAIN);
	entry_can_spare(entry, ENCODING_BROTLI);
	return true;
}

void forms_small(struct entry *entry, const char *body)
{
	struct forms *forms = forms_of(entry);

	forms->each[ENCODING_PLAIN] = (struct reply_form){body, forms->length};
	forms->useless[ENCODING_GZIP] = forms->useless[ENCODING_BROTLI] = true;
}

void forms_begin(struct entry *entry, char *body, const struct request *request, bool keep)
{
	put(entry, ENCODING_PLAIN, body, look(entry)->length);
	if (keep) {
		add(entry, ENCODING_GZIP);
		add(entry, ENCODING_BROTLI);
	}
	/* Nothing is missing that could not be answered plainly. */
	(void)complete(entry, request);
}

/* Copies the forms that another entry has. */
static bool copy(struct entry *entry, const struct forms *from)
{
	for (int i = 0; i < ENCODINGS; i++) {
		const struct reply_form *form = &from->each[i];
		char *bytes = form->bytes ? malloc(form->length) : NULL;

		if (form->bytes && !bytes)
			return false;
		if (bytes)
			memcpy(bytes, form->bytes, form->length);
		put(entry, (enum encoding)i, bytes, form->length);
	}
	return true;
}

struct entry *forms_completed(const struct entry *entry, const struct request *request)
{
	struct entry *completed = entry_like(entry);

	if (!completed)
		return NULL;
	if (!copy(completed, look(entry)) || !complete(completed, request))
		entry_release(&completed);
	return completed;
}

void forms_thin(struct entry *entry)
{
	put(entry, ENCODING_PLAIN, NULL, 0);
	put(entry, ENCODING_BROTLI, NULL, 0);
}
