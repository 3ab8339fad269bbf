/*
 * problem: maps error kinds to problem documents. (RFC 9457)
 *
 * Only this module maps errors to statuses.
 */
#pragma once
#include "http/message/exchange.h"

/* A request that gets a problem of this type, and its `detail`. */
struct problem_example {
	const char *request;  /* request line and fields, for the page */
	const char *instance; /* the path in it */
	const char
		*parameter; /* member of `errors`, which has one mistake; NULL when it has none */
	const char *detail; /* with a parameter, the message about it */
};

/* The text of a page in one language. */
struct problem_text {
	const char *title;
	const char *meaning; /* the cause */
	const char *advice;  /* the remedy */
};

struct problem_type {
	int status;
	const char *name;  /* of its page: /problems/<name> */
	const char *title; /* the same in every language */
	const char *fixed; /* the detail that clients see instead of the message, or NULL */
	struct problem_text en, fr;
	struct problem_example example;
};

/* The type of an error kind; a kind that does not exist is an internal error. */
const struct problem_type *problem_type(enum error_kind kind);

/* The document of a type's example, indented, as malloced text; NULL when out of memory. */
char *problem_example(const struct problem_type *type, const char *public_url);

/* Makes the response a problem document. Removes fields that a handler added before it failed, but
 * not its members (response_member). Without memory for the document the body is empty. */
void problem_respond(struct exchange *exchange, const struct error *err);
