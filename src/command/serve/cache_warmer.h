/*
 * warm_up: makes the answers that most will ask for before anybody does: after the start, after a
 * new revision of the dataset, and when a day begins.
 */
#pragma once
#include "api/application.h"
#include "server/server.h"

struct warm_up;

/* Starts a thread of low priority that makes up to `rate` answers a second: the lists, and the
 * profiles of all countries, in both languages. What is given outlives it. With `rate` 0 it does
 * nothing and *warm_up is NULL. Fails with ERROR_INTERNAL. */
MUST_CHECK bool cache_warmer_open(const struct application *application, struct server *server,
				  long rate, struct warm_up **warm_up, struct error *err);
void cache_warmer_close(struct warm_up **warm_up);
