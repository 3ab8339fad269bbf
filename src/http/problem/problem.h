/*
 * problem: maps error kinds to problem documents. (RFC 9457)
 *
 * Only this module maps errors to statuses. The types, and the texts of the pages about them, are
 * in pages/problems.json.
 */
#pragma once
#include "http/message/exchange.h"

struct problem_type {
	int status;
	const char *name;	/* of its page: /problems/<name> */
	struct bilingual title; /* the same for all of its kind */
	struct bilingual fixed; /* the detail that clients see instead of the message, if any */
};

/* The type of an error kind; a kind that does not exist is an internal error. */
const struct problem_type *problem_type(enum error_kind kind);

/* Makes the response a problem document. Removes fields that a handler added before it failed, but
 * not its members (response_member). Without memory for the document the body is empty. */
void problem_respond(struct exchange *exchange, const struct error *err);
