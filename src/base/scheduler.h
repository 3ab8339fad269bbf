/*
 * scheduler: one thread that runs background jobs, each at its next due time.
 *
 * A job does a small piece of work and returns the milliseconds until its next run. Jobs run one
 * after the other, at a low priority, so a long one delays the others.
 */
#pragma once
#include "base/deadline.h"
#include "base/error.h"

struct scheduler;

enum { SCHEDULER_JOBS = 8 };

/* Returns the milliseconds until the next run; negative ends the job. */
typedef long scheduler_job(void *context);

MUST_CHECK bool scheduler_open(struct scheduler **scheduler, struct error *err);

/* Adds a job whose first run is due at once; `context` must outlive the scheduler. Fails with
 * ERROR_INTERNAL when there are SCHEDULER_JOBS already. */
MUST_CHECK bool scheduler_add(struct scheduler *scheduler, scheduler_job *run, void *context,
			      struct error *err);

/* Starts no further run and waits for the present one. False when this did not end by the deadline:
 * its thread continues, so what the jobs use must stay valid until the process ends. */
bool scheduler_close(struct scheduler **scheduler, struct deadline deadline);
