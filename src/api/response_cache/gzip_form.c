#include "api/response_cache/gzip_form.h"

#include "codec/gzip.h"
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
