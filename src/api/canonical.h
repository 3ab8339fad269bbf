/*
 * canonical: one spelling for all requests that ask for the same.
 */
#pragma once
#include "http/request.h"

/* Path and query with canonical values in order of name, without those of the names in `leave`
 * (ends with a null pointer). Values are percent-encoded (RFC 3986, section 2.1). NULL when out
 * of memory. */
char *canonical_address(const struct request *request, const char *const *leave);

/* The same with one parameter more. */
char *canonical_address_with(const struct request *request, const char *const *leave,
			     const char *name, const char *value);
