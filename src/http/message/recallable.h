/*
 * recall: answers that were given before, given again without a look at what was asked.
 */
#pragma once
#include <stdint.h>

#include "http/message/response.h"

/* A kept answer. */
struct recalled {
	const struct reply_form *forms; /* [ENCODINGS] */
	void (*release)(void *holder);
	void *holder; /* NULL when there is none */
};

/* Gives the answer that is kept under a key with this serial (reply_recallable), if it is current.
 */
typedef struct recalled recall(void *application, const char *key, uint64_t serial);
