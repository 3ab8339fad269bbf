/*
 * revision_listener: reports each new revision of the dataset, from a separate connection.
 *
 * It listens to the channel `dataset` and reads the revision every second, so that a connection
 * which broke unnoticed is found: no result within a second counts as disconnected. It then
 * connects again four times a second.
 */
#pragma once
#include <stdint.h>

#include "base/error.h"

struct revision_listener;

struct revision_listener_settings {
	const char *url; /* of the primary itself: a pooler would lose the LISTEN */
	/* All are called from the listener's thread, and none after revision_listener_close. */
	uint64_t (*known)(void *context); /* returns the newest revision that is known */
	/* `back`: the primary has an older revision than was known when it was queried, since it
	 * was restored or replaced. Without it, an older revision was merely overtaken. `changed`
	 * is when the dataset got the revision, in microseconds since 1970; 0 for a notification.
	 */
	void (*seen)(void *context, uint64_t revision, int64_t changed, bool back);
	/* Called also when the first attempt to connect fails. `timed_out`: the connection was
	 * there, but a query got no result within its second. */
	void (*disconnected)(void *context, bool timed_out);
	void *context;
};

/* Starts to listen. A database that cannot be reached is no error. Fails with ERROR_BAD_REQUEST
 * when url is not well-formed. */
MUST_CHECK bool revision_listener_open(const struct revision_listener_settings *settings,
				       struct revision_listener **listener, struct error *err);
void revision_listener_close(struct revision_listener **listener);
