/*
 * envelope: {"data": ..., "meta": ..., "links": ...} around finished records.
 */
#pragma once
#include <stdint.h>

#include "base/buffer.h"
#include "http/message/request.h"

struct envelope {
	const char *total;  /* NULL for a single record */
	const char *self;   /* this address and the next two are without public_url */
	const char *next;   /* NULL on the last page */
	const char *resume; /* on the last page of a feed, otherwise NULL */
};

/* Adds `,"meta":{...},"links":{...}}`. */
void envelope_end(struct buffer *body, const struct request *request,
		  const struct envelope *envelope);
