/*
 * problem: what a kind of error means in HTTP, and the document that says so. (RFC 9457)
 *
 * Nowhere else does an error get a status.
 */
#pragma once
#include "http/exchange.h"

struct problem_type {
	int status;
	const char *name;    /* of its page: /problems/<name> */
	const char *title;   /* the same for all of its kind */
	const char *meaning; /* for its page: what happened and what a client can do */
	const char *fixed;   /* the detail that clients see instead of the message, or NULL */
};

/* The type of an error kind; a kind that does not exist is an internal error. */
const struct problem_type *problem_type(enum error_kind kind);

/* Makes the reply a problem document. Fields that a handler added before it failed are dropped;
 * members (reply_member) stay. Without memory for the document the body is empty. */
void problem_reply(struct exchange *exchange, const struct error *err);
