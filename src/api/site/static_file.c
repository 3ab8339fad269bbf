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

bool file_reply(struct reply *reply, const char *media_type, const char *policy, const char *bytes,
		size_t length, struct error *err)
{
	const struct reply_form *forms;
	char hash[65];

	sha256_hex(bytes, length, hash);
	hash[HASH_DIGITS] = '\0';
	reply_validators(reply, hash, 0);
	if (policy)
		reply_field(reply, "Content-Security-Policy", "%s", policy);
	forms = coded_forms(hash, bytes, length);
	if (!forms)
		return reply_copy(reply, media_type, bytes, length, err);
	reply_shared(reply, media_type, forms, release_nothing, NULL);
	return true;
}

/* For the few clients that take no coding. */
static bool reply_unpacked(struct reply *reply, const char *media_type, const struct packed *packed,
			   struct error *err)
{
	char *body;
	size_t length;

	if (!inflate_gzip(packed->gzip->text, packed->gzip->length, FILE_MAXIMUM, &body, &length,
			  err))
		return false;
	reply_field(reply, "Vary", "Accept-Encoding");
	return reply_body(reply, 200, media_type, body, length, err);
}

bool file_reply_packed(const struct request *request, struct reply *reply, const char *media_type,
		       const struct packed *packed, struct error *err)
{
	static const bool available[ENCODINGS] = {true, true, true};
	const char *accepted = request_field(request, FIELD_ACCEPT_ENCODING);
	const char *digest = packed->digest->text;
	char *tag = arena_copy(request->arena, digest, HASH_DIGITS);
	struct reply_form *forms = arena_take(request->arena, ENCODINGS * sizeof *forms);
	enum encoding encoding;

	if (!tag || !forms)
		return error_out_of_memory(err);
	reply_validators(reply, tag, 0);
	if (encoding_pick(accepted, available, &encoding) && encoding == ENCODING_PLAIN)
		return reply_unpacked(reply, media_type, packed, err);
	forms[ENCODING_GZIP] = (struct reply_form){packed->gzip->text, packed->gzip->length};
	forms[ENCODING_BROTLI] = (struct reply_form){packed->brotli->text, packed->brotli->length};
	reply_shared(reply, media_type, forms, release_nothing, NULL);
	return true;
}
