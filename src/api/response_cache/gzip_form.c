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

static void free_forms(void *holder)
{
	struct response_form *forms = holder;

	for (size_t i = 0; i < CODINGS; i++)
		free((char *)forms[i].bytes);
	free(forms);
}

bool gzip_form_send(const struct request *request, struct response *response,
		    const char *media_type, struct buffer *text, struct error *err)
{
	struct response_form *forms = calloc(CODINGS, sizeof *forms), *plain;
	char hash[65];

	if (!forms)
		return error_out_of_memory(err);
	plain = &forms[CODING_IDENTITY];
	plain->bytes = buffer_steal(text, &plain->length);
	if (!plain->bytes) {
		free(forms);
		return error_out_of_memory(err);
	}
	sha256_hex(plain->bytes, plain->length, hash);
	hash[TAG_DIGITS] = '\0';
	response_validators(response, hash, 0);
	if (gzip_form_accepted(request))
		gzip_form_make(plain, &forms[CODING_GZIP]);
	response_shared(response, media_type, forms, free_forms, forms);
	return true;
}
