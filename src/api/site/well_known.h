/*
 * well_known: the addresses below /.well-known, where programs look first. (RFC 8615)
 */
#pragma once
#include "http/routing/route.h"

/* Adds Link fields that lead from the entry to the contract, the pages and the state of the
 * service. */
void well_known_link_entry(struct response *response, const struct request *request);

route_handler well_known_catalog;	   /* api-catalog (RFC 9727) */
route_handler well_known_security_contact; /* security.txt (RFC 9116); 404 without the setting */
