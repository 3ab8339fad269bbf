/*
 * recallable: cached responses that can be sent again without a look at the request's meaning.
 */
#pragma once
#include <stdint.h>

#include "http/message/response.h"

/* A cached response. */
struct recallable {
	const struct response_form *forms; /* [CODINGS] */
	void (*release)(void *holder);
	void *holder; /* NULL when there is none */
};

/* Returns the response that is cached under a key with this serial (response_recallable), if it is
 * current. */
typedef struct recallable recall(void *application, const char *key, uint64_t serial);
