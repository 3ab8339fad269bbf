/*
 * cors: who may call from a browser, and what it may read. (Fetch standard, section 3.2)
 */
#pragma once
#include "http/message/exchange.h"

/* What Access-Control-Allow-Origin answers to `origin`: "*", the origin itself or NULL when it is
 * not listed. `origins` is "*" or a comma-separated list. */
const char *cors_allowed(const char *origins, const char *origin);

/* The value of Access-Control-Expose-Headers. */
const char *cors_readable(void);

/* Adds the fields that every answer needs: none without an Origin, except Vary where origins are
 * listed. A preflight gets its own beside them; `allow` lists the methods of the address. */
void cors_fields(struct response *response, const struct request *request, const char *origins);

/* True when a browser asks whether it may ask. (Fetch standard, section 3.2.2) */
bool cors_is_preflight(const struct request *request);
void cors_preflight(struct response *response, const struct request *request, const char *allow);
