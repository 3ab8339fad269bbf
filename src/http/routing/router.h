/*
 * router: finds the route of a method and a path. (RFC 9110, section 9)
 */
#pragma once
#include "base/arena.h"
#include "http/routing/route.h"

enum router_outcome {
	ROUTE_FOUND,
	ROUTE_OTHER_ADDRESS, /* found, but the path is another spelling of the address */
	ROUTE_UNKNOWN_PATH,
	ROUTE_WRONG_METHOD,   /* the path is known, with other methods */
	ROUTE_UNKNOWN_METHOD, /* not in request_methods */
};

/* A path's value for one {parameter} of the template. */
struct segment {
	const char *name, *text; /* not terminated: inside template and path */
	size_t name_length, length;
};

struct route_match {
	const struct route *route; /* with ROUTE_WRONG_METHOD: one of the same template */
	struct segment segments[ROUTE_PARAMETERS];
	size_t count;
};

/* Finds the route of a normalised path (request_target_normalise). A GET route also serves HEAD,
 * and any route of a path serves OPTIONS. Literal segments take precedence over parameters. Fills
 * `match` for every outcome but
 * ROUTE_UNKNOWN_PATH and ROUTE_UNKNOWN_METHOD. */
enum router_outcome router_find(const struct route *routes, const char *method, const char *path,
				struct route_match *match);

/* Returns the methods of a template as the value of Allow, "GET, HEAD, OPTIONS"; those of all
 * routes when it is NULL. Returns NULL when out of memory. (RFC 9110, section 10.2.1) */
const char *router_allow(const struct route *routes, const char *template, struct arena *arena);

/* Returns, for an unknown path below another version ("/v2/countries"): the first segment of the
 * version that exists ("/v1"), else NULL. *length is its length. */
const char *router_other_version(const struct route *routes, const char *path, size_t *length);
