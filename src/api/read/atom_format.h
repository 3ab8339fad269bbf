/*
 * feed: changes as an Atom feed (RFC 4287), a page of it as in RFC 5005, section 3.
 *
 * Identifiers are made from what is recorded and not from where it is served: an entry keeps its
 * identifier when the service moves, and has the same one on every replica.
 */
#pragma once
#include "base/buffer.h"
#include "http/message/request.h"

#include <time.h>

/* All-zero is empty. Addresses are without public_url. */
struct atom_feed {
	const char *list;      /* what the feed is of: its identifier follows from it */
	const char *self;      /* this page */
	const char *other;     /* the same list in the route's first representation */
	const char *next;      /* the page behind it, NULL on the last */
	time_t changed;	       /* when the dataset changed, for a page without entries */
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
