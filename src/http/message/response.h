/*
 * reply: the answer that a handler fills.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/error.h"

struct reply;
struct request;

/* Sets status, media type and body. `body` is malloced and belongs to the reply from here on,
 * also when this fails. `body` NULL with length 0 is an empty body (no Content-Type then).
 * `media_type` outlives the request. */
MUST_CHECK bool reply_body(struct reply *reply, int status, const char *media_type, char *body,
			   size_t length, struct error *err);

/* Sets a 200 with a copy of a body. */
MUST_CHECK bool reply_copy(struct reply *reply, const char *media_type, const char *bytes,
			   size_t length, struct error *err);

/* One coded form of a body; bytes is NULL when there is none. */
struct reply_form {
	const char *bytes;
	size_t length;
};

/* Sets a 200 whose body is shared: forms[ENCODINGS] (http/encoding.h), the plain one always there.
 * What the client takes is sent. `release` is called once nobody needs them any longer. */
void reply_shared(struct reply *reply, const char *media_type, const struct reply_form *forms,
		  void (*release)(void *holder), void *holder);

/* Says for the log where the answer is from: "hit", "miss" or "stale". */
void reply_origin(struct reply *reply, const char *origin);

/* The same answer can be had again by its key and serial (http/recall.h). `key` lives
 * as long as the holder; NULL: it cannot. */
void reply_recallable(struct reply *reply, const char *key, uint64_t serial);

/* True for fields that a 304 has as well. */
bool reply_lasts(const char *name);

/* Lets go of the body. */
void reply_discard(struct reply *reply);

/* Adds a header field. Values may hold no line end. A name that is there already grows by the
 * value, as a list (RFC 9110, section 5.3). What does not fit turns the answer into a 500. */
void reply_field(struct reply *reply, const char *name, const char *format, ...) PRINTF_LIKE(3, 4);

/* True when the reply has a field of that name, which is compared without case. */
bool reply_has_field(struct reply *reply, const char *name);

/* Makes a 200 one that clients and caches may keep and ask for anew: sets ETag (`tag` is without
 * its quotes) and Last-Modified unless `modified` is 0; Cache-Control follows. When the request's
 * conditions say that the client has it, it becomes a 304. */
void reply_validators(struct reply *reply, const char *tag, time_t modified);

/* 308 to a path (RFC 9110, section 15.4.9); the request's query is kept, public_url prefixed. */
MUST_CHECK bool reply_redirect(struct reply *reply, const struct request *request, const char *path,
			       struct error *err);

/* Makes it a 304, with the fields that last. The body stays, unsent, since Content-Length tells its
 * length. (RFC 9110, section 8.6) */
void reply_reduce(struct reply *reply);

/* Adds a text member to the problem document that answers if the handler fails
 * (RFC 9457, section 3.2). `name` is a constant; `value` is copied. */
void reply_member(struct reply *reply, const char *name, const char *value);

/* Says which query parameter a handler's ERROR_BAD_REQUEST is about, for the problem's `errors`.
 * Returns false, so that handlers can `return cursor_read(...) || reply_mistake(...)`. */
bool reply_mistake(struct reply *reply, const char *parameter);
