/*
 * response: the response to a request, as handlers and dispatch build it.
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
	/* `recall` (http/message/service.h) returns the response again for these. The key lives as
	 * long as the holder; NULL: it cannot be recalled. */
	const char *recall_key;
	uint64_t recall_serial;
	struct field fields[RESPONSE_FIELDS];
	size_t field_count;
	struct field members[RESPONSE_MEMBERS]; /* of the problem document, if there is one */
	size_t member_count;
	const char *tag; /* the entity tag without quotes and suffix; NULL: the response may not be
			    stored */
	time_t modified; /* 0 when unknown */
	time_t ends;	 /* when it becomes outdated by itself; 0: never */
	const char *origin;   /* "hit", "miss" or "stale"; NULL: the cache was not used */
	const char *mistaken; /* the parameter of the handler's ERROR_BAD_REQUEST, or NULL */
	bool failed;	      /* a field or member did not fit, or memory ran out */
};

/* Sets status, media type and body. Takes ownership of the malloced `body`, also when it fails.
 * NULL with length 0 is an empty body, without Content-Type. `media_type` must outlive the request.
 * Fails with ERROR_INTERNAL. */
MUST_CHECK bool response_body(struct response *response, int status, const char *media_type,
			      char *body, size_t length, struct error *err);

/* Sets a 200 with a shared body. `forms` has CODINGS elements, of which CODING_IDENTITY always
 * exists; validators_add chooses the one to send. Calls `release` when the response is discarded or
 * sent. */
void response_shared(struct response *response, const char *media_type,
		     const struct response_form *forms, void (*release)(void *holder),
		     void *holder);

/* Returns true for the name of a field that a 304 repeats. (RFC 9110, section 15.4.5) */
bool response_lasts(const char *name);

/* Releases the body. */
void response_discard(struct response *response);

/* Adds a header field, whose value may not contain a line end. The value of a field that exists is
 * extended to a list (RFC 9110, section 5.3). Without space or memory the response becomes a 500.
 */
void response_field(struct response *response, const char *name, const char *format, ...)
	PRINTF_LIKE(3, 4);

/* True when the response has a field of that name, which is compared without case. */
bool response_has_field(struct response *response, const char *name);

/* Makes a 200 cacheable: sets the entity tag (`tag` has no quotes) and, unless `modified` is 0,
 * Last-Modified. validators_add then adds ETag and Cache-Control, or reduces the response to 304.
 */
void response_validators(struct response *response, const char *tag, time_t modified);

/* Sets a 308 to public_url, the path and the query of the request. (RFC 9110, section 15.4.9) Fails
 * with ERROR_INTERNAL when out of memory. */
MUST_CHECK bool response_redirect(struct response *response, const struct request *request,
				  const char *path, struct error *err);

/* Makes it a 304, with the fields that last. The body stays, unsent. */
void response_not_modified(struct response *response);

/* Adds a text member to the problem document that is sent if the handler fails (RFC 9457,
 * section 3.2). `name` is a constant; `value` is copied. */
void response_member(struct response *response, const char *name, const char *value);
