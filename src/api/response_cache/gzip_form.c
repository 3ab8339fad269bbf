#include "api/response_cache/gzip_form.h"

#include "codec/gzip.h"
#include "codec/sha256.h"
#include "http/negotiation/content_coding.h"

#include <stdlib.h>

#include "base/banned.h"

bool gzip_form_accepted(const struct request *request)
{
	static const bool available[CODINGS] = {[CODING_IDENTITY] = true, [CODING_GZIP] = true};
	enum content_coding coding;

	return content_coding_pick(request_field(request, FIELD_ACCEPT_ENCODING), available,
				   &coding) &&
	       coding == CODING_GZIP;
}

char *gzip_form_make(const struct response_form *plain, struct response_form *gzip)
{
	struct error unused;
	size_t length;
	char *bytes;

	if (plain->length <= GZIP_FORM_MINIMUM ||
	    !gzip_pack(plain->bytes, plain->length, &bytes, &length, &unused))
		return NULL;
	if (length >= plain->length) {
		free(bytes);
		return NULL;
	}
	*gzip = (struct response_form){bytes, length};
	return bytes;
}

enum { TAG_DIGITS = 16 };

struct sent_text {
	struct response_form forms[CODINGS];
	char *plain, *gzip;
};

static void free_text(void *holder)
{
	struct sent_text *text = holder;

	free(text->plain);
	free(text->gzip);
	free(text);
}

bool gzip_form_send(const struct request *request, struct response *response,
		    const char *media_type, const char *policy, struct buffer *text,
		    struct error *err)
{
	struct sent_text *sent = calloc(1, sizeof *sent);
	struct response_form *forms;
	char hash[65];

	if (!sent)
		return error_out_of_memory(err);
	forms = sent->forms;
	sent->plain = buffer_steal(text, &forms[CODING_IDENTITY].length);
	if (!sent->plain) {
		free(sent);
		return error_out_of_memory(err);
	}
	forms[CODING_IDENTITY].bytes = sent->plain;
	sha256_hex(sent->plain, forms[CODING_IDENTITY].length, hash);
	hash[TAG_DIGITS] = '\0';
	response_validators(response, hash, 0);
	if (policy)
		response_field(response, "Content-Security-Policy", "%s", policy);
	if (gzip_form_accepted(request))
		sent->gzip = gzip_form_make(&forms[CODING_IDENTITY], &forms[CODING_GZIP]);
	response_shared(response, media_type, forms, free_text, sent);
	return true;
}
