/*
 * recall: answers that were given before, given again without a look at what was asked.
 */
#pragma once
#include <stdint.h>

#include "http/message/response.h"

/* A kept answer. */
struct recallable {
	const struct response_form *forms; /* [CODINGS] */
	void (*release)(void *holder);
	void *holder; /* NULL when there is none */
};

/* Gives the answer that is kept under a key with this serial (response_recallable), if it is
 * current.
 */
typedef struct recallable recall(void *application, const char *key, uint64_t serial);
