/*
 * parameters: the values in an address, matched with what the route takes and checked.
 */
#pragma once
#include "http/message/request.h"
#include "http/routing/router.h"

/* Checks the path's values and sets canonical_path. Fails as the checks do. */
MUST_CHECK bool parameters_read_path(struct request *request, const struct route_match *match,
				     struct error *err);

/* Checks the query's values. Everything that is wrong is in request->mistakes; then fails with
 * ERROR_BAD_REQUEST and a summary. A check that could not look fails at once, with its kind. */
MUST_CHECK bool parameters_read_query(struct request *request, struct error *err);

/* Sees to it that request->media is set where the route has a choice. Fails as media_type_pick
 * does. */
MUST_CHECK bool parameters_read_media(struct request *request, struct error *err);

/* The query parameter of that name that the route takes, or NULL. */
const struct parameter *parameters_find(const struct route *route, const char *name);
