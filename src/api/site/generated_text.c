#include "api/site/generated_text.h"

#include "api/response_cache/gzip_form.h"
#include "codec/sha256.h"
#include "http/negotiation/content_coding.h"

#include <stdlib.h>

#include "base/banned.h"

enum { TAG_DIGITS = 16 };

struct generated_text {
	struct response_form forms[CODINGS];
	char *plain, *gzip;
};

static void free_text(void *holder)
{
	struct generated_text *text = holder;

	free(text->plain);
	free(text->gzip);
	free(text);
}

bool generated_text_send(const struct request *request, struct response *response,
			 const char *media_type, const char *policy, struct buffer *text,
			 struct error *err)
{
	struct generated_text *sent = calloc(1, sizeof *sent);
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
