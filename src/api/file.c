#include "api/file.h"

#include "codec/sha256.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { HASH_DIGITS = 16 };

bool file_reply(struct reply *reply, const char *media_type, const char *policy, const char *bytes,
		size_t length, struct error *err)
{
	char *copy = malloc(length + 1), hash[65];

	if (!copy)
		return error_out_of_memory(err);
	memcpy(copy, bytes, length);
	sha256_hex(bytes, length, hash);
	hash[HASH_DIGITS] = '\0';
	reply_validators(reply, hash, 0);
	if (policy)
		reply_field(reply, "Content-Security-Policy", "%s", policy);
	return reply_body(reply, 200, media_type, copy, length, err);
}
