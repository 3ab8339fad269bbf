/*
 * request_fields: the request header fields that the service reads, each looked up once a request.
 *
 * A field that is a list may be sent in several lines, which mean one line with their values
 * joined by ", " (RFC 9110, section 5.3). Any other field may be sent once.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

enum request_field_name {
	FIELD_ACCEPT,
	FIELD_ACCEPT_ENCODING,
	FIELD_ACCEPT_LANGUAGE,
	FIELD_ACCESS_CONTROL_REQUEST_METHOD,
	FIELD_AUTHORIZATION,
	FIELD_CONNECTION,
	FIELD_CONTENT_LENGTH,
	FIELD_CONTENT_TYPE,
	FIELD_EXPECT,
	FIELD_FORWARDED,
	FIELD_HOST,
	FIELD_IF_MODIFIED_SINCE,
	FIELD_IF_NONE_MATCH,
	FIELD_ORIGIN,
	FIELD_TRACEPARENT,
	FIELD_TRANSFER_ENCODING,
	FIELD_X_FORWARDED_FOR,
	FIELD_X_REQUEST_ID,
	REQUEST_FIELDS /* their number; not a field */
};

/* One line of a header; both texts end with a zero byte. */
struct field {
	const char *name, *value;
};

struct request_fields {
	const char *values[REQUEST_FIELDS]; /* NULL when the field was not sent */
	uint32_t repeated;		    /* bit 1 << field: sent in several lines */
};

/* Fills *fields with the first value of each known field. Names are compared without case. */
void request_fields_find(const struct field *lines, size_t count, struct request_fields *fields);

/* A sentence that names a field which is not a list and was sent more than once; no text when there
 * is none. */
struct bilingual request_fields_repeated(const struct request_fields *fields);

/* Replaces the values of repeated lists by their joined values, which are allocated in the arena.
 * Fails with ERROR_BAD_REQUEST when a field that is not a list is repeated, ERROR_FIELDS_TOO_LARGE
 * when a joined value exceeds LIMIT_JOINED bytes, and ERROR_INTERNAL when memory runs out; the
 * values of the fields that were not joined are NULL then. */
MUST_CHECK bool request_fields_join(const struct field *lines, size_t count, struct arena *arena,
				    struct request_fields *fields, struct error *err);
