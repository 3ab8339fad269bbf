/*
 * workers: threads for what may have to wait.
 *
 * There are as many as have work at the same time, so that nothing waits behind what waits itself;
 * one that had none for a while ends.
 */
#pragma once
#include "base/error.h"

/* Part of what is to be done; the doer frees it. */
struct work {
	void (*run)(struct work *work);
	struct work *next; /* for workers.c */
};

struct workers;

/* At most so many threads. */
MUST_CHECK bool workers_open(long most, struct workers **workers, struct error *err);

/* Has it done by some thread, in the order of asking once all are at work. False when none could be
 * started: it was not done. */
MUST_CHECK bool workers_do(struct workers *workers, struct work *work);

/* Waits until all that was asked for is done. */
void workers_close(struct workers **workers);
