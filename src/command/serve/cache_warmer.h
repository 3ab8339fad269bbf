/*
 * cache_warmer: a background job that requests the common responses before clients do: after the
 * start, after a change of the dataset, and when a day begins.
 */
#pragma once
#include "api/application.h"
#include "base/scheduler.h"
#include "server/server.h"

struct cache_warmer;

/* Adds the job, which requests up to `rate` responses a second: the lists, and the profiles of all
 * countries, in both languages. The arguments outlive the scheduler. With `rate` 0 it does nothing
 * and *warmer is NULL. Fails as scheduler_add does. */
MUST_CHECK bool cache_warmer_open(const struct application *application, struct server *server,
				  long rate, struct scheduler *scheduler,
				  struct cache_warmer **warmer, struct error *err);

/* To be called when the scheduler is closed. */
void cache_warmer_close(struct cache_warmer **warmer);
