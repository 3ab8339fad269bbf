/*
 * gzip_form: response bodies that are sent as gzip where the client accepts that.
 */
#pragma once
#include "base/buffer.h"
#include "http/message/request.h"
#include "http/message/response.h"

enum { GZIP_FORM_MINIMUM = 1024 }; /* bytes; shorter bodies are sent as they are */

/* Whether the client prefers gzip to a plain body. */
bool gzip_form_accepted(const struct request *request);

/* Compresses a body into malloced bytes, which belong to the caller. Returns NULL when the body is
 * too short, when gzip saves nothing, and when out of memory: then the body is sent as it is. */
char *gzip_form_make(const struct response_form *plain, struct response_form *gzip);

/* Sends a text of the program with an ETag, as gzip where the client accepts that. Takes the bytes
 * of the buffer, which is empty after. media_type outlives the request. Fails when the buffer has.
 */
MUST_CHECK bool gzip_form_send(const struct request *request, struct response *response,
			       const char *media_type, struct buffer *text, struct error *err);
