/*
 * response_cache: responds to requests from the cache, so that few of them reach the database.
 */
#pragma once
#include "api/read/representation.h"
#include "http/message/service.h"
#include "http/message/response.h"

/* Returns a response that response_cache_respond sent before (http/message/service.h). */
recall response_cache_recall;

/* Fills the response from the cache, or builds a representation and stores it. While the database
 * is away, the response may be stale. Fails as `build` does; response->mistaken is then the
 * parameter that has an invalid value, or NULL. */
MUST_CHECK bool response_cache_respond(const struct request *request, representation_build *build,
				       struct response *response, struct error *err);
