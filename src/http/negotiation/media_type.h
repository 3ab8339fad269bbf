/*
 * media_type: chooses the representation of a resource. (RFC 9110, section 12.5.1)
 */
#pragma once
#include "base/error.h"

struct media_type {
	const char *format; /* the value of `format`: "json" */
	const char *type;   /* "application/json" */
	bool bulk;	    /* for programs that read whole lists */
};

extern const struct media_type media_type_json, media_type_csv, media_type_ndjson, media_type_atom,
	media_type_html;

/* Returns the weight of a media type in an Accept field, 0 to 1000; the most specific range counts.
 * Without a field (NULL), or without a well-formed range, every type has 1000. Parameters of a type
 * are ignored. */
int media_type_quality(const char *accept, const char *type);

/* Picks from `offered`, which ends with a null pointer: `format` when it is not NULL, else the
 * heaviest in Accept; ties go to the order of `offered`. Fails with ERROR_BAD_REQUEST for another
 * format and with ERROR_NOT_ACCEPTABLE and a list of what exists. */
MUST_CHECK bool media_type_pick(const struct media_type *const *offered, const char *accept,
				const char *format, const struct media_type **picked,
				struct error *err);
