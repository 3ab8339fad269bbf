/*
 * entrance: where connections come in: a loop for each processor (http/loop.h), and the workers
 * that do what may have to wait.
 */
#pragma once
#include "server/loop/event_loop.h"

struct loop_group;

struct loop_group_options {
	const struct service *service;
	struct connection_table *connections;
	int listener; /* stays the caller's */
	bool single;  /* one loop is enough */
	bool (*hand_over)(void *context, struct client_connection *connection); /* as in loop.h */
	void *context;
};

/* Begins to accept. */
MUST_CHECK bool loop_group_open(const struct loop_group_options *options,
				struct loop_group **entrance, struct error *err);

/* Accepts nobody any more. */
void loop_group_stop_accepting(struct loop_group *entrance);

/* Waits for what workers are doing and closes all connections that were not handed over. */
void loop_group_close(struct loop_group **entrance);
