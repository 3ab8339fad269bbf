/*
 * well_known: what stands below /.well-known, where machines look first. (RFC 8615)
 */
#pragma once
#include "http/routing/route.h"

/* Adds what leads from the entry to contract, pages and state of the service, as Link fields. */
void well_known_link_entry(struct response *response, const struct request *request);

route_handler answer_catalog;	       /* api-catalog (RFC 9727) */
route_handler answer_security_contact; /* security.txt (RFC 9116); 404 without the setting */
