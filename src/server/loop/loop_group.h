/*
 * entrance: where connections come in: a loop for each processor (http/loop.h), and the workers
 * that do what may have to wait.
 */
#pragma once
#include "server/loop/event_loop.h"

struct entrance;

struct entrance_options {
	const struct service *service;
	struct connections *connections;
	int listener;							 /* stays the caller's */
	bool single;							 /* one loop is enough */
	bool (*hand_over)(void *context, struct connection *connection); /* as in loop.h */
	void *context;
};

/* Begins to accept. */
MUST_CHECK bool entrance_open(const struct entrance_options *options, struct entrance **entrance,
			      struct error *err);

/* Accepts nobody any more. */
void entrance_shut(struct entrance *entrance);

/* Waits for what workers are doing and closes all connections that were not handed over. */
void entrance_close(struct entrance **entrance);
