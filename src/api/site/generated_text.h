/*
 * generated_text: responses made from texts and settings of the program.
 */
#pragma once
#include "base/buffer.h"
#include "http/message/request.h"
#include "http/message/response.h"

/* Sends the text with an ETag, as gzip where the client accepts that. Takes the bytes of the
 * buffer, which is empty after. `policy` is the Content-Security-Policy; NULL: that of all
 * responses. It and media_type outlive the request. Fails when the buffer has. */
MUST_CHECK bool generated_text_send(const struct request *request, struct response *response,
				    const char *media_type, const char *policy, struct buffer *text,
				    struct error *err);
