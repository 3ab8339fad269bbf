/*
 * canonical_url: one spelling for all requests for the same response.
 */
#pragma once
#include "http/message/request.h"

/* Path and query with canonical values in order of name, without defaults and without the names in
 * `leave` (ends with a null pointer). `format` and `lang` are those that were negotiated. English
 * is left out, except with a cursor, which belongs to one language. Values are percent-encoded (RFC
 * 3986, section 2.1). NULL when out of memory. */
char *canonical_url_of(const struct request *request, const char *const *leave);

/* The same with one more parameter. */
char *canonical_url_with(const struct request *request, const char *const *leave, const char *name,
			 const char *value);

/* A key that exactly the requests for the same response share: the address with the negotiated
 * format and language. NULL when out of memory. */
char *canonical_url_key(const struct request *request);

/* The rows of a page of the route's document without `limit`; 0 is all rows. */
long canonical_url_limit(const struct request *request);

/* True when a list of the route's document is in descending order without `sort`. */
bool canonical_url_descending(const struct request *request);
