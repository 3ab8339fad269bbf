/*
 * canonical: one spelling for all requests that ask for the same.
 */
#pragma once
#include "http/message/request.h"

/* Path and query with canonical values in order of name, without those that are defaults and those
 * of the names in `leave` (ends with a null pointer). What was negotiated counts as if it had been
 * asked for by `format` and `lang`; English stays unsaid except beside a cursor, which is tied to
 * its language. Values are percent-encoded (RFC 3986, section 2.1). NULL when out of memory. */
char *canonical_url_of(const struct request *request, const char *const *leave);

/* The same with one parameter more. */
char *canonical_url_with(const struct request *request, const char *const *leave, const char *name,
			 const char *value);

/* The same for all requests that have the same answer, and for no others: the address with its
 * format and language, whichever way they were asked for. NULL when out of memory. */
char *canonical_url_key(const struct request *request);

/* How many rows a page of the route's document has when `limit` does not say; 0 is all of them. */
long canonical_url_limit(const struct request *request);

/* Whether a list of the route's document runs downwards when `sort` does not say. */
bool canonical_url_descending(const struct request *request);
