/*
 * request_target: parses the request target (RFC 9112, section 3.2). Ulfius would merge slashes and
 * decode too much.
 */
#pragma once
#include "base/arena.h"
#include "base/buffer.h"

enum request_target_form {
	TARGET_PATH,	 /* a path and an optional query, also in absolute form */
	TARGET_ASTERISK, /* "*" */
	TARGET_OTHER,	 /* not an address of this service: authority form or malformed */
};

struct request_target {
	enum request_target_form form;
	const char *path;  /* raw, without query; for the other forms the whole target */
	const char *query; /* raw, "" when absent */
};

/* The target without scheme and authority: a path and an optional query, or "". Returns any other
 * form unchanged. */
const char *request_target_relative(const char *text);

/* Parses a target; the texts live in the arena. Removes scheme and authority of an absolute form.
 * False when out of memory. */
MUST_CHECK bool request_target_read(const char *text, struct arena *arena,
				    struct request_target *target, struct error *err);

/* Decodes percent-encoded unreserved characters in place, which RFC 3986 calls equivalent. False
 * for a path that cannot exist here: other or invalid percent-encoding, empty or dot segments,
 * characters that no address contains. */
bool request_target_normalise(char *path);

/* Returns the byte that a percent sign at `text` and two hexadecimal digits stand for; -1 without
 * such digits. (RFC 3986, section 2.1) */
int request_target_byte(const char *text);

/* Adds text with every byte percent-encoded that may not stand in an address as it is; valid
 * percent-coding stays. The result is ASCII and safe in a header field. */
void request_target_encode(struct buffer *buffer, const char *text);
