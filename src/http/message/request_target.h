/*
 * request_target: parses the request target (RFC 9112, section 3.2). It does not use the parser of
 * Ulfius, which merges slashes and decodes reserved characters.
 */
#pragma once
#include "base/arena.h"
#include "base/buffer.h"

enum request_target_form {
	TARGET_PATH,	 /* a path and an optional query; origin form or absolute form */
	TARGET_ASTERISK, /* "*" */
	TARGET_OTHER,	 /* authority form, or malformed */
};

struct request_target {
	enum request_target_form form;
	const char *path;  /* raw, without query; for the other forms the whole target */
	const char *query; /* raw, "" when absent */
};

/* The target without scheme and authority: a path and an optional query, or "". Returns any other
 * form unchanged. */
const char *request_target_relative(const char *text);

/* Parses a target into texts in the arena, without scheme and authority. Fails with ERROR_INTERNAL
 * when out of memory. */
MUST_CHECK bool request_target_read(const char *text, struct arena *arena,
				    struct request_target *target, struct error *err);

/* Decodes percent-encoded unreserved characters in place (RFC 3986, section 6.2.2.2). Returns false
 * for a path that no route can have: other or invalid percent-encoding, empty or dot segments,
 * characters that a URI may not contain. */
bool request_target_normalise(char *path);

/* Returns the byte that a percent sign at `text` and two hexadecimal digits stand for; -1 without
 * such digits. (RFC 3986, section 2.1) */
int request_target_byte(const char *text);

/* Adds a text, and percent-encodes the bytes that a URI may not contain; valid percent-encoding is
 * not changed. The result is ASCII and safe in a header field. */
void request_target_encode(struct buffer *buffer, const char *text);
