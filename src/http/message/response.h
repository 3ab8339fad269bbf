/*
 * response: what a handler responds with.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/arena.h"
#include "base/error.h"
#include "http/message/request_fields.h"

struct request;

/* Content codings, in order of preference among equals: the later one wins. */
enum content_coding { CODING_IDENTITY, CODING_GZIP, CODING_BROTLI, CODINGS };

/* One coded form of a body; bytes is NULL when there is none. */
struct response_form {
	const char *bytes;
	size_t length;
};

enum { RESPONSE_FIELDS = 32, RESPONSE_MEMBERS = 4 };

struct response {
	struct arena *arena;
	int status;
	const char *media_type; /* NULL: no body */
	char *body;
	size_t length;
	void (*release)(void *holder); /* of a shared body; NULL: the body is malloced */
	void *holder;
	const struct response_form *forms; /* [CODINGS]; NULL: the body has one form */
	enum content_coding coding;	   /* of the body */
	const char *recall_key;		   /* NULL: the response cannot be recalled */
	uint64_t recall_serial;
	struct field fields[RESPONSE_FIELDS];
	size_t field_count;
	struct field members[RESPONSE_MEMBERS]; /* of the problem document, should there be one */
	size_t member_count;
	const char *tag; /* the entity tag without quotes and suffix; NULL: the response may not be
			    stored */
	time_t modified; /* 0 when unknown */
	const char *origin;   /* "hit", "miss" or "stale"; NULL: the cache was not consulted */
	const char *mistaken; /* the parameter that the handler refused, or NULL */
	bool failed;	      /* a field or member did not fit, or memory ran out */
};

/* Sets status, media type and body. `body` is malloced and belongs to the response from here on,
 * also when this fails. `body` NULL with length 0 is an empty body (no Content-Type then).
 * `media_type` outlives the request. */
MUST_CHECK bool response_body(struct response *response, int status, const char *media_type,
			      char *body, size_t length, struct error *err);

/* Sets a 200 with a copy of a body. */
MUST_CHECK bool response_copy(struct response *response, const char *media_type, const char *bytes,
			      size_t length, struct error *err);

/* Sets a 200 whose body is shared: forms[CODINGS], of which CODING_IDENTITY always exists.
 * The form that the client accepts is sent. `release` is called when the forms are no longer
 * needed. */
void response_shared(struct response *response, const char *media_type,
		     const struct response_form *forms, void (*release)(void *holder),
		     void *holder);

/* The same answer can be had again by its key and serial (http/recall.h). `key` lives
 * as long as the holder; NULL: it cannot. */
void response_recallable(struct response *response, const char *key, uint64_t serial);

/* True for fields that a 304 has as well. */
bool response_lasts(const char *name);

/* Releases the body. */
void response_discard(struct response *response);

/* Adds a header field. Values must not contain line ends. If the field exists, the value is
 * appended as a list member (RFC 9110, section 5.3). A field that does not fit turns the response
 * into a 500. */
void response_field(struct response *response, const char *name, const char *format, ...)
	PRINTF_LIKE(3, 4);

/* True when the response has a field of that name, which is compared without case. */
bool response_has_field(struct response *response, const char *name);

/* Allows clients and caches to store and revalidate a 200: sets ETag (`tag` is without quotes) and
 * Last-Modified unless `modified` is 0; Cache-Control follows. If the request's conditions show
 * that the client has it, it becomes a 304. */
void response_validators(struct response *response, const char *tag, time_t modified);

/* 308 to a path (RFC 9110, section 15.4.9); the request's query is preserved, public_url prefixed.
 */
MUST_CHECK bool response_redirect(struct response *response, const struct request *request,
				  const char *path, struct error *err);

/* Turns the response into a 304 with the fields that a 304 has. The body remains, unsent, for its
 * Content-Length. (RFC 9110, section 8.6) */
void response_reduce(struct response *response);

/* Adds a text member to the problem document that is sent if the handler fails
 * (RFC 9457, section 3.2). `name` is a constant; `value` is copied. */
void response_member(struct response *response, const char *name, const char *value);

/* Names the query parameter of a handler's ERROR_BAD_REQUEST, for the problem's `errors`.
 * Returns false, so that handlers can `return cursor_read(...) || response_mistake(...)`. */
bool response_mistake(struct response *response, const char *parameter);
