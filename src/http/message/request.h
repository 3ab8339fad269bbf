/*
 * request: a parsed and checked request, as handlers receive it.
 */
#pragma once
#include <stdint.h>
#include <time.h>

#include "base/arena.h"
#include "base/deadline.h"
#include "http/message/request_fields.h"

struct media_type;
struct parameter;
struct route;

enum { REQUEST_VALUES = 40 };

/* One parameter that the client sent. */
struct value {
	const struct parameter *parameter;
	const char *name;      /* the parameter's */
	const char *text;      /* as sent, decoded */
	const char *canonical; /* from its check */
};

/* A mistake in a request: exactly one of parameter and pointer is set. (RFC 9457, section 3) */
struct mistake {
	const char *parameter, *pointer, *detail;
};

struct request {
	void *application;	    /* from the options of server_start; owned by api */
	const struct route *route;  /* NULL until one was found */
	const char *operation;	    /* the route's; NULL until then */
	const char *method;	    /* as sent */
	const char *path;	    /* raw, without query */
	const char *canonical_path; /* with the canonical path values */
	const char *query;	    /* raw, "" when absent */
	struct value values[REQUEST_VALUES];
	size_t value_count;
	struct mistake mistakes[REQUEST_VALUES];
	size_t mistake_count;
	const struct media_type *media; /* of the route's, negotiated; NULL when it has none */
	const char *language;		/* "en" or "fr", negotiated */
	const char *public_url;		/* prefix of addresses, "" for none */
	char today[11];			/* UTC, the same for the whole request */
	time_t midnight;		/* when it began */
	char latest_day[11];		/* today in the easternmost time zone */
	char id[65];			/* X-Request-Id */
	bool draining;			/* a graceful shutdown has begun */
	const void *body;
	size_t body_length;
	struct timespec began; /* CLOCK_MONOTONIC */
	struct deadline deadline;
	struct arena *arena;
	struct request_fields fields;
};

/* The methods of RFC 9110, section 9, and PATCH (RFC 5789); ends with a null pointer. */
extern const char *const request_methods[];

/* Returns true for one of them; case counts. */
bool request_method_known(const char *method);

/* Returns the canonical value of a parameter; NULL when it was not sent. */
const char *request_value(const struct request *request, const char *name);

/* Returns the value of a header field; NULL when it was not sent. */
const char *request_field(const struct request *request, enum request_field_name name);
