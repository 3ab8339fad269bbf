/*
 * target: the request target (RFC 9112, section 3.2), taken apart by ourselves since the
 * framework merges slashes and decodes what it should not.
 */
#pragma once
#include "base/arena.h"
#include "base/buffer.h"

enum request_target_form {
	TARGET_PATH,	 /* a path and perhaps a query, also when given as a whole address */
	TARGET_ASTERISK, /* "*" */
	TARGET_OTHER,	 /* no address of ours: authority form or nonsense */
};

struct request_target {
	enum request_target_form form;
	const char *path;  /* raw, without query; for the other forms the whole target */
	const char *query; /* raw, "" when absent */
};

/* The target without scheme and authority: a path and perhaps a query, or "". Any other form is
 * returned as it is. */
const char *request_target_relative(const char *text);

/* Takes a target apart; the texts live in the arena. An absolute form loses scheme and authority.
 * False when out of memory. */
MUST_CHECK bool request_target_read(const char *text, struct arena *arena,
				    struct request_target *target, struct error *err);

/* Decodes what RFC 3986 calls equivalent (percent-encoded unreserved characters) in place.
 * False when the path cannot be one of ours: other or invalid percent-coding, empty or dot
 * segments, characters that no address holds. */
bool request_target_normalise(char *path);

/* Adds text with every byte percent-encoded that may not stand in an address as it is; valid
 * percent-coding stays. The result is ASCII and safe in a header field. */
void request_target_encode(struct buffer *buffer, const char *text);
