/*
 * problem: what a kind of error means in HTTP, and the document that says so. (RFC 9457)
 *
 * Nowhere else does an error get a status.
 */
#pragma once
#include "http/message/exchange.h"

/* A request that gets a problem of this type, and its `detail`. */
struct problem_example {
	const char *request;  /* request line and fields, as a person writes them down */
	const char *instance; /* the path in it */
	const char
		*parameter; /* member of `errors`, which has one mistake; NULL when it has none */
	const char *detail; /* with a parameter, what is wrong with that one */
};

/* What a page says in one language. */
struct problem_text {
	const char *title;
	const char *meaning; /* what happened */
	const char *advice;  /* what a client can do */
};

struct problem_type {
	int status;
	const char *name;  /* of its page: /problems/<name> */
	const char *title; /* the same for all of its kind, in every language */
	const char *fixed; /* the detail that clients see instead of the message, or NULL */
	struct problem_text en, fr;
	struct problem_example example;
};

/* The type of an error kind; a kind that does not exist is an internal error. */
const struct problem_type *problem_type(enum error_kind kind);

/* The document of a type's example, indented, as malloced text; NULL when out of memory. */
char *problem_example(const struct problem_type *type, const char *public_url);

/* Makes the response a problem document. Fields that a handler added before it failed are dropped;
 * members (response_member) stay. Without memory for the document the body is empty. */
void problem_respond(struct exchange *exchange, const struct error *err);
