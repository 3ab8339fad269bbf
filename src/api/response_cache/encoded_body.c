#include "api/response_cache/encoded_body.h"

#include "codec/coding.h"
#include "codec/inflate.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

static struct encoded_body *forms_of(struct entry *entry)
{
	return (struct encoded_body *)(void *)entry->own;
}

static const struct encoded_body *look(const struct entry *entry)
{
	return (const struct encoded_body *)(const void *)entry->own;
}

static void put(struct entry *entry, enum content_coding coding, char *bytes, size_t length)
{
	forms_of(entry)->each[coding] = (struct response_form){bytes, length};
	entry_part(entry, coding, bytes);
}

static bool code(enum content_coding coding, const struct response_form *plain, char **coded,
		 size_t *length)
{
	struct error unsaid;

	return coding == CODING_GZIP
		       ? coding_gzip(plain->bytes, plain->length, coded, length, &unsaid)
		       : coding_brotli(plain->bytes, plain->length, coded, length, &unsaid);
}

/* A coding that cannot be made, or that saves nothing, is not tried again. */
static void add_coding(struct entry *entry, enum content_coding coding,
		       const struct response_form *plain)
{
	struct encoded_body *forms = forms_of(entry);
	size_t length;
	char *coded;

	if (!code(coding, plain, &coded, &length)) {
		forms->useless[coding] = true;
	} else if (length >= plain->length) {
		forms->useless[coding] = true;
		free(coded);
	} else {
		put(entry, coding, coded, length);
	}
}

/* Makes a form from the plain one, which for that is made from the gzip one when it is not there.
 * False when out of memory. */
static bool add(struct entry *entry, enum content_coding coding)
{
	struct response_form plain = forms_of(entry)->each[CODING_IDENTITY];
	const struct response_form *gzip = &forms_of(entry)->each[CODING_GZIP];
	char *unpacked = NULL;
	struct error unsaid;

	if (!plain.bytes) {
		if (!inflate_gzip(gzip->bytes, gzip->length, forms_of(entry)->length, &unpacked,
				  &plain.length, &unsaid))
			return false;
		plain.bytes = unpacked;
	}
	if (coding == CODING_IDENTITY) {
		put(entry, CODING_IDENTITY, unpacked, plain.length);
		return true;
	}
	add_coding(entry, coding, &plain);
	free(unpacked);
	return true;
}

/* In which form the request is answered, once that exists. */
static enum content_coding wanted(const struct encoded_body *forms, const struct request *request)
{
	bool available[CODINGS];
	enum content_coding picked;

	for (int i = 0; i < CODINGS; i++)
		available[i] = !forms->useless[i];
	content_coding_pick(request_field(request, FIELD_ACCEPT_ENCODING), available, &picked);
	return picked;
}

bool encoded_body_fits(const struct entry *entry, const struct request *request)
{
	const struct encoded_body *forms = look(entry);

	return forms->each[wanted(forms, request)].bytes;
}

/* Each turn makes a form or learns that there is none. False when out of memory. */
static bool complete(struct entry *entry, const struct request *request)
{
	while (!encoded_body_fits(entry, request))
		if (!add(entry, wanted(look(entry), request)))
			return false;
	if (!look(entry)->each[CODING_GZIP].bytes)
		return true;
	entry_can_spare(entry, CODING_IDENTITY);
	entry_can_spare(entry, CODING_BROTLI);
	return true;
}

void encoded_body_small(struct entry *entry, const char *body)
{
	struct encoded_body *forms = forms_of(entry);

	forms->each[CODING_IDENTITY] = (struct response_form){body, forms->length};
	forms->useless[CODING_GZIP] = forms->useless[CODING_BROTLI] = true;
}

void encoded_body_begin(struct entry *entry, char *body, const struct request *request, bool keep)
{
	put(entry, CODING_IDENTITY, body, look(entry)->length);
	if (keep) {
		add(entry, CODING_GZIP);
		add(entry, CODING_BROTLI);
	}
	/* Nothing is missing that could not be answered plainly. */
	(void)complete(entry, request);
}

/* Copies the forms that another entry has. */
static bool copy(struct entry *entry, const struct encoded_body *from)
{
	for (int i = 0; i < CODINGS; i++) {
		const struct response_form *form = &from->each[i];
		char *bytes = form->bytes ? malloc(form->length) : NULL;

		if (form->bytes && !bytes)
			return false;
		if (bytes)
			memcpy(bytes, form->bytes, form->length);
		put(entry, (enum content_coding)i, bytes, form->length);
	}
	return true;
}

struct entry *encoded_body_completed(const struct entry *entry, const struct request *request)
{
	struct entry *completed = entry_like(entry);

	if (!completed)
		return NULL;
	if (!copy(completed, look(entry)) || !complete(completed, request))
		entry_release(&completed);
	return completed;
}

void encoded_body_thin(struct entry *entry)
{
	put(entry, CODING_IDENTITY, NULL, 0);
	put(entry, CODING_BROTLI, NULL, 0);
}
