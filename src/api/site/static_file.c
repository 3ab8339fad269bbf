#include "api/site/static_file.h"

#include "api/site/coded.h"
#include "base/arena.h"
#include "codec/inflate.h"
#include "codec/sha256.h"
#include "http/negotiation/content_coding.h"

#include "base/banned.h"

enum { HASH_DIGITS = 16, FILE_MAXIMUM = 8 << 20 };

/* What the program holds is never let go of. */
static void release_nothing(void *holder)
{
	(void)holder;
}

bool static_file_reply(struct response *response, const char *media_type, const char *policy,
		       const char *bytes, size_t length, struct error *err)
{
	const struct response_form *forms;
	char hash[65];

	sha256_hex(bytes, length, hash);
	hash[HASH_DIGITS] = '\0';
	response_validators(response, hash, 0);
	if (policy)
		response_field(response, "Content-Security-Policy", "%s", policy);
	forms = coded_forms(hash, bytes, length);
	if (!forms)
		return response_copy(response, media_type, bytes, length, err);
	response_shared(response, media_type, forms, release_nothing, NULL);
	return true;
}

/* For the few clients that take no coding. */
static bool reply_unpacked(struct response *response, const char *media_type,
			   const struct packed_file *packed, struct error *err)
{
	char *body;
	size_t length;

	if (!inflate_gzip(packed->gzip->text, packed->gzip->length, FILE_MAXIMUM, &body, &length,
			  err))
		return false;
	response_field(response, "Vary", "Accept-Encoding");
	return response_body(response, 200, media_type, body, length, err);
}

bool static_file_reply_packed(const struct request *request, struct response *response,
			      const char *media_type, const struct packed_file *packed,
			      struct error *err)
{
	static const bool available[CODINGS] = {true, true, true};
	const char *accepted = request_field(request, FIELD_ACCEPT_ENCODING);
	const char *digest = packed->digest->text;
	char *tag = arena_copy(request->arena, digest, HASH_DIGITS);
	struct response_form *forms = arena_take(request->arena, CODINGS * sizeof *forms);
	enum content_coding coding;

	if (!tag || !forms)
		return error_out_of_memory(err);
	response_validators(response, tag, 0);
	if (content_coding_pick(accepted, available, &coding) && coding == CODING_IDENTITY)
		return reply_unpacked(response, media_type, packed, err);
	forms[CODING_GZIP] = (struct response_form){packed->gzip->text, packed->gzip->length};
	forms[CODING_BROTLI] = (struct response_form){packed->brotli->text, packed->brotli->length};
	response_shared(response, media_type, forms, release_nothing, NULL);
	return true;
}
