/*
 * envelope: {"data": ..., "meta": ..., "links": ...} around finished records.
 */
#pragma once
#include <stdint.h>

#include "base/strings.h"
#include "http/request.h"

/* Adds `,"meta":{...},"links":{...}}`. `total` is NULL for a single record; `next` is NULL on the
 * last page. */
void envelope_end(struct buffer *body, const struct request *request, const char *total,
		  const char *self, const char *next);
