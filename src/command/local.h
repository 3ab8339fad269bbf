/*
 * local: sends requests to the service on this machine, at the address of the settings.
 */
#pragma once
#include <jansson.h>

#include "base/buffer.h"
#include "base/config.h"

enum local_outcome {
	LOCAL_RESPONSE,
	LOCAL_REFUSED, /* nothing listens there */
	LOCAL_TIMEOUT, /* something listens, but no whole response came in time */
};

/* All-zero is empty; local_free releases it. */
struct local_response {
	struct buffer bytes; /* the whole response */
	const char *body;    /* in bytes; ends with a zero byte */
	int status;	     /* 0 when it is not HTTP */
};

/* Sends GET for a path of ASCII characters, on a new connection. `response` must be empty. */
enum local_outcome local_get(const struct config *config, const char *path,
			     struct local_response *response);

/* Parses the body. The caller owns the value; NULL when it is not JSON or nested too deep. */
json_t *local_json(const struct local_response *response);

void local_free(struct local_response *response);
