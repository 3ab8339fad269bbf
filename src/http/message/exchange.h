/*
 * exchange: a request and its response, independent of the transport.
 *
 * The server fills `struct raw_request` from a socket; dispatch (http/routing/dispatch.h) fills the
 * exchange with a response; the server sends it. Unit tests do the same without a socket.
 */
#pragma once
#include <time.h>

#include "base/address.h"
#include "http/message/limits.h"
#include "http/message/request.h"
#include "http/message/response.h"

/* How many requests a client may still send. */
struct allowance {
	bool granted;
	long left;	/* requests that may follow at once */
	long retry;	/* seconds until a refused client may send one again, rounded up; else 0 */
	long replenish; /* seconds until the bucket is full again, rounded up */
};

/* A request as it was received. All texts live as long as the request. */
struct raw_request {
	const char *method, *target,
		*version; /* "GET", "/v1?lang=fr", "HTTP/1.1"; "" while unread */
	struct field lines[LIMIT_FIELDS];
	size_t line_count;
	struct request_fields fields; /* of the lines */

	/* From the fields, by http/policy/framing.h. */
	size_t content_length; /* announced bytes of the body */
	bool close;	       /* the connection ends with the response */
	bool expects_continue; /* the client waits for 100 (Continue) before it sends the body */

	/* The reason for which the head is refused; it has no text when the head is valid. */
	enum error_kind refusal_kind;
	struct bilingual refusal;

	const void *body;	    /* NULL while it has not been received */
	const struct address *peer; /* of the connection; NULL when unknown */
	struct timespec arrived;    /* CLOCK_MONOTONIC */
};

/* All-zero before dispatch; exchange_close after. */
struct exchange {
	struct request request;
	struct response response;
	const char *traceparent; /* when well-formed, else NULL */
	struct address client;	 /* past trusted proxies */
	bool client_known;
	bool counted; /* taken from the client's allowance, which then is: */
	struct allowance allowance;
	char problem[1024]; /* message of a 5xx, for the log alone */
	bool close;	    /* no other request can follow on the connection */
};

/* Frees what the exchange holds, its response's body included. */
static inline void exchange_close(struct exchange *exchange)
{
	response_discard(&exchange->response);
	arena_close(&exchange->request.arena);
}
