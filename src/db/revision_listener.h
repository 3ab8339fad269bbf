/*
 * follow: hears of each new revision of the dataset, on a connection of its own.
 *
 * It listens to the channel `dataset` and asks for the revision every second, so that a
 * connection which is dead without knowing it is noticed: no answer within a second counts as cut
 * off. It then connects again four times a second.
 */
#pragma once
#include <stdint.h>

#include "base/error.h"

struct revision_listener;

struct revision_listener_settings {
	const char *url; /* of the primary itself: a pooler would lose what is listened to */
	/* All are called from the thread that follows. */
	uint64_t (*known)(void *context); /* the newest revision that anybody saw */
	/* `back` is set when the primary itself says that it
	 * has an older revision than was known when it was asked: it was restored, or another took
	 * its place. Without it, one that is older than another was overtaken by it. */
	void (*heard)(void *context, uint64_t revision, bool back);
	/* Also when the first attempt to connect fails. `silent`: the connection was there, but a
	 * question was not answered within its second. */
	void (*cut_off)(void *context, bool silent);
	void *context;
};

/* Starts to follow. That the database is away is no error. Fails with ERROR_BAD_REQUEST when url
 * is not well-formed. */
MUST_CHECK bool revision_listener_open(const struct revision_listener_settings *settings,
				       struct revision_listener **follow, struct error *err);
void revision_listener_close(struct revision_listener **follow);
