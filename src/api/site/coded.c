#include "api/site/coded.h"

#include "codec/coding.h"
#include "http/negotiation/content_coding.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum {
	KEPT = 128, /* far more than there are pages and files, in both languages */
	TAG_SIZE = 20,
	CODED_LEAST = 1024,
};

/* Filled from the front, and never changed where it is filled. */
static struct kept {
	char tag[TAG_SIZE];
	struct response_form forms[CODINGS];
} kept[KEPT];
static size_t kept_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* A coding that cannot be made, or that saves nothing, is left out. */
static void add_form(struct kept *to, enum content_coding coding,
		     bool (*code)(const char *, size_t, char **, size_t *, struct error *))
{
	const struct response_form *plain = &to->forms[CODING_IDENTITY];
	struct error unsaid;
	size_t length;
	char *bytes;

	if (!code(plain->bytes, plain->length, &bytes, &length, &unsaid))
		return;
	if (length >= plain->length)
		free(bytes);
	else
		to->forms[coding] = (struct response_form){bytes, length};
}

/* Under the lock: several who ask for the same at first wait for one who codes. */
static const struct kept *keep(const char *tag, const char *bytes, size_t length)
{
	struct kept *to = kept;
	char *copy;

	while (to < kept + kept_count && strcmp(to->tag, tag) != 0)
		to++;
	if (to < kept + kept_count)
		return to;
	copy = kept_count < KEPT ? malloc(length) : NULL;
	if (!copy)
		return NULL;
	memcpy(copy, bytes, length);
	memcpy(to->tag, tag, strlen(tag) + 1);
	to->forms[CODING_IDENTITY] = (struct response_form){copy, length};
	add_form(to, CODING_GZIP, coding_gzip);
	add_form(to, CODING_BROTLI, coding_brotli);
	kept_count++;
	return to;
}

const struct response_form *coded_forms(const char *tag, const char *bytes, size_t length)
{
	const struct kept *found;

	if (length <= CODED_LEAST || strlen(tag) >= TAG_SIZE)
		return NULL;
	pthread_mutex_lock(&lock);
	found = keep(tag, bytes, length);
	pthread_mutex_unlock(&lock);
	return found ? found->forms : NULL;
}
