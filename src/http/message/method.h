/*
 * method: the request methods that this service knows.
 */
#pragma once
#include <stdbool.h>

/* The methods of RFC 9110, section 9, and PATCH (RFC 5789); ends with a null pointer. */
extern const char *const methods[];

/* True for one of them; case counts. */
bool method_known(const char *method);
