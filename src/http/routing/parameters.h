/*
 * parameters: reads the values in path and query, and checks them against the route.
 */
#pragma once
#include "http/message/request.h"
#include "http/routing/router.h"

/* Checks the path's values and sets canonical_path. Fails as the checks do. */
MUST_CHECK bool parameters_read_path(struct request *request, const struct route_match *match,
				     struct error *err);

/* Checks the values of the query. With mistakes, lists all of them in request->mistakes and fails
 * with ERROR_BAD_REQUEST and a summary. Other errors of a check fail at once. */
MUST_CHECK bool parameters_read_query(struct request *request, struct error *err);

/* Sets request->media where the route has several representations. Fails as media_type_pick does.
 */
MUST_CHECK bool parameters_read_media(struct request *request, struct error *err);

/* Returns the query parameter of the route with that name, or NULL. */
const struct parameter *parameters_find(const struct route *route, const char *name);
