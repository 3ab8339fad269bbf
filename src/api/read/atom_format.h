/*
 * atom_format: changes as an Atom feed (RFC 4287), in pages (RFC 5005, section 3).
 *
 * Identifiers are derived from the recorded data, not from addresses. So they are the same on
 * every replica, and do not change with the address of the service.
 */
#pragma once
#include "base/buffer.h"
#include "http/message/request.h"

#include <time.h>

/* All-zero is empty. Addresses are without public_url. */
struct atom_feed {
	const char *list;      /* the list without paging, from which the identifier is derived */
	const char *self;      /* this page */
	const char *other;     /* the same list in the route's first representation */
	const char *next;      /* the next page, NULL on the last */
	time_t changed;	       /* when the dataset changed; for a page without entries */
	struct buffer entries; /* owned */
	char updated[40];      /* of the newest entry */
};

void atom_format_free(struct atom_feed *feed);

/* Adds a change, given as the JSON of its record. */
MUST_CHECK bool atom_format_add(struct atom_feed *feed, const struct request *request,
				const char *json, size_t length, struct error *err);

/* Adds the whole document to body. */
MUST_CHECK bool atom_format_write(const struct atom_feed *feed, const struct request *request,
				  struct buffer *body, struct error *err);
