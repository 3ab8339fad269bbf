#include "api/file.h"

#include "codec/inflate.h"
#include "codec/sha256.h"
#include "http/encoding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { HASH_DIGITS = 16, FILE_MAXIMUM = 8 << 20 };

static bool copy(const char *bytes, size_t length, char **copied, struct error *err)
{
	*copied = malloc(length + 1);
	if (!*copied)
		return error_out_of_memory(err);
	memcpy(*copied, bytes, length);
	return true;
}

bool file_reply(struct reply *reply, const char *media_type, const char *policy, const char *bytes,
		size_t length, struct error *err)
{
	char *body, hash[65];

	if (!copy(bytes, length, &body, err))
		return false;
	sha256_hex(bytes, length, hash);
	hash[HASH_DIGITS] = '\0';
	reply_validators(reply, hash, 0);
	if (policy)
		reply_field(reply, "Content-Security-Policy", "%s", policy);
	return reply_body(reply, 200, media_type, body, length, err);
}

bool file_reply_packed(const struct request *request, struct reply *reply, const char *media_type,
		       const struct packed *packed, struct error *err)
{
	static const bool available[ENCODINGS] = {true, true, true};
	const struct embedded *file = packed->gzip;
	enum encoding encoding;
	size_t length;
	char *body, tag[HASH_DIGITS + 8];

	if (!encoding_pick(request_field(request, "Accept-Encoding"), available, &encoding))
		return error_set(err, ERROR_NOT_ACCEPTABLE,
				 "Accept-Encoding allows nothing that exists here: identity, gzip, "
				 "br.");
	if (encoding == ENCODING_BROTLI)
		file = packed->brotli;
	length = file->length;
	if (encoding == ENCODING_PLAIN
		    ? !inflate_gzip(file->text, file->length, FILE_MAXIMUM, &body, &length, err)
		    : !copy(file->text, length, &body, err))
		return false;
	snprintf(tag, sizeof tag, "%.*s%s", HASH_DIGITS, packed->digest->text,
		 encoding_suffix(encoding));
	reply_validators(reply, tag, 0);
	reply_field(reply, "Vary", "Accept-Encoding");
	if (encoding != ENCODING_PLAIN)
		reply_field(reply, "Content-Encoding", "%s", encoding_name(encoding));
	return reply_body(reply, 200, media_type, body, length, err);
}
