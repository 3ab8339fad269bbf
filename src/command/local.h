/*
 * local: asks the service that runs on this machine, where the settings say that it listens.
 */
#pragma once
#include "base/config.h"
#include "base/buffer.h"

enum local_outcome {
	LOCAL_ANSWERED,
	LOCAL_NOBODY, /* nothing listens there */
	LOCAL_SILENT, /* something listens, but no whole answer came in time */
};

/* All-zero is empty; local_free releases it. */
struct local_answer {
	struct buffer bytes; /* the whole answer */
	const char *body;    /* in bytes; ends with a zero byte */
	int status;	     /* 0 when it is no HTTP */
};

/* GET path, which is plain ASCII, on a connection of its own. `answer` must be empty. */
enum local_outcome local_get(const struct config *config, const char *path,
			     struct local_answer *answer);
void local_free(struct local_answer *answer);
