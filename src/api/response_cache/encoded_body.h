/*
 * forms: the forms in which the body of a kept answer exists, one a coding.
 *
 * They are the parts of its entry, by their coding, and told by the `struct encoded_body` at the
 * beginning of its own bytes. A body that is too small to be coded lies in the entry itself.
 */
#pragma once
#include "cache/entry.h"
#include "http/negotiation/content_coding.h"
#include "http/message/response.h"
#include "http/message/request.h"

enum { CODED_LEAST = 1024 }; /* bytes from which on a body is coded */

struct encoded_body {
	struct response_form each[CODINGS]; /* bytes is NULL for one that does not exist */
	size_t length;			    /* of the plain form, also when that does not exist */
	bool useless[CODINGS];		    /* cannot be made, or saves nothing */
};

/* The forms of an entry that has its plain one, a malloced body which they take over. All of those
 * are made that the request needs, and with `keep` all. */
void encoded_body_begin(struct entry *entry, char *body, const struct request *request, bool keep);

/* The forms of an entry whose body is this, within its own bytes. */
void encoded_body_small(struct entry *entry, const char *body);

/* True when the form exists that the request is answered in. */
bool encoded_body_fits(const struct entry *entry, const struct request *request);

/* An entry like one that does not fit the request, with all its forms and the one that was missing.
 * NULL when out of memory. */
struct entry *encoded_body_completed(const struct entry *entry, const struct request *request);

/* Lets go of the forms that can be made again from the gzip one (cache_thin). */
void encoded_body_thin(struct entry *entry);
