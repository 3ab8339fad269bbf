/*
 * parameters: matches the values in an address with the parameters of the route, and checks them.
 */
#pragma once
#include "http/message/request.h"
#include "http/routing/router.h"

/* Checks the path's values and sets canonical_path. Fails as the checks do. */
MUST_CHECK bool parameters_read_path(struct request *request, const struct route_match *match,
				     struct error *err);

/* Checks the query's values. Collects all mistakes in request->mistakes; then fails with
 * ERROR_BAD_REQUEST and a summary. A check that fails with a 5xx kind ends this at once. */
MUST_CHECK bool parameters_read_query(struct request *request, struct error *err);

/* Sets request->media if the route has a choice. Fails as media_type_pick
 * does. */
MUST_CHECK bool parameters_read_media(struct request *request, struct error *err);

/* The query parameter of that name that the route takes, or NULL. */
const struct parameter *parameters_find(const struct route *route, const char *name);
