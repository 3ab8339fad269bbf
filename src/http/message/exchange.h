/*
 * exchange: a request and its answer inside src/http, independent of the framework.
 *
 * server.c fills `struct raw_request` from libmicrohttpd and Ulfius; dispatch answers it; server.c
 * hands the response back. Unit tests do the same without a socket.
 */
#pragma once
#include <stdatomic.h>
#include <time.h>

#include "base/network_list.h"
#include "base/config.h"
#include "http/negotiation/content_coding.h"
#include "http/message/limits.h"
#include "http/policy/rate_limit.h"
#include "http/message/recallable.h"
#include "http/message/response.h"
#include "http/message/request.h"
#include "http/observe/request_metrics.h"

/* A request as it came in. All texts live as long as the request. */
struct raw_request {
	const char *method, *target, *version; /* "GET", "/v1?lang=fr", "HTTP/1.1" */
	struct field fields[LIMIT_FIELDS];
	size_t field_count; /* may exceed LIMIT_FIELDS: then only those are kept */
	size_t field_bytes; /* names, values and four bytes a line for ": " and the line end */
	bool field_nul;	    /* a field line holds a NUL character */
	const void *body;
	size_t body_length;	    /* LIMIT_BODY + 1 means: too large */
	bool body_left;		    /* unread on the connection, which then must end */
	const struct address *peer; /* of the connection; NULL when unknown */
	struct timespec arrived;    /* CLOCK_MONOTONIC */
};

enum { REPLY_FIELDS = 32, REPLY_MEMBERS = 4 };

struct response {
	struct arena *arena;
	int status;
	const char *media_type; /* NULL: no body */
	char *body;
	size_t length;
	void (*release)(void *holder); /* of a body that is shared; NULL: it is malloced */
	void *holder;
	const struct response_form *forms; /* [CODINGS], NULL: there is the body alone */
	enum content_coding coding;	   /* of the body */
	const char *recall_key;		   /* of the kept answer, NULL: it cannot be given again */
	uint64_t recall_serial;
	struct field fields[REPLY_FIELDS];
	size_t field_count;
	struct field members[REPLY_MEMBERS]; /* of the problem document, should there be one */
	size_t member_count;
	const char *tag;    /* the entity tag without quotes and suffix; NULL: the answer may not be
			       kept */
	time_t modified;    /* 0 when unknown */
	const char *origin; /* "hit", "miss" or "stale" in the cache; NULL: it was not asked */
	const char *mistaken; /* the parameter that the handler refused, or NULL */
	bool failed;	      /* a field or member did not fit or memory ran out */
};

struct response_memo;

/* What all requests share. */
struct service {
	const struct config *config;
	const struct route *routes;
	void *application;
	atomic_bool draining; /* the service is about to stop: connections end with their answer */
	long budget;	      /* milliseconds that a request may take from its start */
	long bulk_budget;     /* the same for one in a format for bulk */
	const char *const *probes; /* paths that are never refused for asking too much; ends with a
				    * null pointer, or NULL for none */
	struct network_list trusted;   /* proxies whose word on the client counts */
	struct rate_limit *rate_limit; /* NULL: none */
	long rate_requests, rate_seconds;
	struct response_memo *shortcuts; /* NULL: none */
	recall *recall;
	struct request_metrics *tally;
	bool quiet; /* good answers are logged at the level "debug" */
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
	bool close;	    /* no other request can come after this one */
};

/* Answers a request; always leaves a complete response. `incoming` outlives the exchange. */
void dispatch(const struct service *service, const struct raw_request *incoming,
	      struct exchange *exchange);

/* Counts a finished exchange and writes its line. */
void access_log_write(const struct service *service, const struct exchange *exchange);

/* Frees what the exchange holds, also a body that nobody took. */
void exchange_close(struct exchange *exchange);
