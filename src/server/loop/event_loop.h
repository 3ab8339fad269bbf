/*
 * event_loop: a thread that serves many connections with epoll and never blocks.
 *
 * It reads every request head (request_head), responds at once to requests with a noted response
 * (memo_hit) and to malformed requests, hands what may block to the thread pool (request_task), and
 * hands a request with a body to Ulfius once all of it has arrived.
 */
#pragma once
#include "base/error.h"

struct event_loop;
struct event_loop_shared;

/* Makes a loop, whose thread event_loop_start starts. */
MUST_CHECK bool event_loop_open(const struct event_loop_shared *shared, struct event_loop **loop,
				struct error *err);
MUST_CHECK bool event_loop_start(struct event_loop *loop, struct error *err);

/* Accepts no further connections; from any thread. */
void event_loop_stop_accepting(struct event_loop *loop);

/* Ends the thread. Its connections stay open. */
void event_loop_stop(struct event_loop *loop);

/* Frees a stopped loop, for which no task may be running. */
void event_loop_close(struct event_loop **loop);
