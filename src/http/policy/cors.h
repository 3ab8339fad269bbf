/*
 * cors: which origins may read responses in a browser. (Fetch standard, section 3.2)
 */
#pragma once
#include "http/message/exchange.h"

/* The value of Access-Control-Allow-Origin: "*", the origin itself, or NULL when it is not listed
 * or was not sent (NULL). `origins` is "*" or a comma-separated list. */
const char *cors_allowed(const char *origins, const char *origin);

/* The value of Access-Control-Expose-Headers. */
const char *cors_readable(void);

/* Adds the fields of every response, and Vary where origins are listed. */
void cors_fields(struct response *response, const struct request *request, const char *origins);

/* Returns true for a preflight: the request that a browser sends to check whether it may send
 * another. (Fetch standard, section 3.2.2) */
bool cors_is_preflight(const struct request *request);

/* Adds the fields of a preflight's response; `allow` lists the methods of the address. */
void cors_preflight(struct response *response, const struct request *request, const char *allow);
