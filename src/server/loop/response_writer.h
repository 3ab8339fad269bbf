/*
 * outgoing: an answer on its way to the socket. (RFC 9112, section 4)
 */
#pragma once
#include "base/strings.h"
#include "http/message/response.h"

/* All-zero before, and after outgoing_free. */
struct outgoing {
	struct buffer head;
	const char *body;	       /* NULL when there is none to send */
	size_t length;		       /* of the body */
	size_t sent;		       /* of head and body together */
	void (*release)(void *holder); /* of the body; NULL: nothing to release */
	void *holder;
	bool last; /* the connection ends with it */
};

enum sent {
	SENT_WHOLE,
	SENT_PART,   /* the client must take some of it first */
	SENT_BROKEN, /* nobody is there to take it, or there was no memory for the head */
};

/* Status line and Date. */
void outgoing_begin(struct outgoing *outgoing, int status);

void outgoing_field(struct outgoing *outgoing, const char *name, const char *value);

/* Ends the head. `length` is the body's, also of one that is not sent because of HEAD or 304; 204
 * has none. (RFC 9110, section 8.6) */
void outgoing_end(struct outgoing *outgoing, int status, size_t length);

/* Head and body of a reply, whose body it takes over. `method` is the request's. */
void outgoing_reply(struct outgoing *outgoing, struct reply *reply, const char *method);

/* Sends as much as the socket takes, without waiting. */
enum sent outgoing_send(struct outgoing *outgoing, int descriptor);

/* Lets go of everything but the memory of the head, for the next answer. */
void outgoing_clear(struct outgoing *outgoing);
void outgoing_free(struct outgoing *outgoing);
