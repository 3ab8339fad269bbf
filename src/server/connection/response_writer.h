/*
 * response_writer: a response on its way to the socket. (RFC 9112, section 4)
 */
#pragma once
#include "base/buffer.h"
#include "http/message/response.h"

/* All-zero before, and after response_writer_free. */
struct response_writer {
	struct buffer head;
	const char *body;	       /* NULL when none is sent */
	size_t length;		       /* of the body */
	size_t sent;		       /* of head and body together */
	void (*release)(void *holder); /* of the body; NULL: nothing to release */
	void *holder;
	bool last; /* the connection ends with this response */
};

enum send_result {
	SENT_WHOLE,
	SENT_PART,   /* the socket takes no more now */
	SENT_BROKEN, /* the connection is broken, or memory for the head ran out */
};

/* Adds the status line and Date. */
void response_writer_begin(struct response_writer *writer, int status);

void response_writer_field(struct response_writer *writer, const char *name, const char *value);

/* Ends the head. `length` is the body's, also of one that is not sent because of HEAD. 204 has
 * none, and 304 may leave it out: some clients wait for a body of that length. (RFC 9110,
 * section 8.6) */
void response_writer_end(struct response_writer *writer, int status, size_t length);

/* Adds head and body of a response, and takes ownership of the body. `method` is the request's. */
void response_writer_response(struct response_writer *writer, struct response *response,
			      const char *method);

/* Sends as much as the socket takes, without waiting. */
enum send_result response_writer_send(struct response_writer *writer, int descriptor);

/* Releases everything but the memory of the head, which the next response uses. */
void response_writer_clear(struct response_writer *writer);
void response_writer_free(struct response_writer *writer);
