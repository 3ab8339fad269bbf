/*
 * deadline: a moment on the monotonic clock by which a wait must end.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct deadline {
	struct timespec at; /* CLOCK_MONOTONIC */
};

/* The moment that many milliseconds from now; negative counts as 0. */
struct deadline deadline_after(long milliseconds);

/* The moment that many milliseconds after another on that clock. */
struct deadline deadline_from(struct timespec moment, long milliseconds);

/* Milliseconds left, rounded up so that poll() does not spin; 0 when it has passed. */
int deadline_left(struct deadline deadline);

bool deadline_passed(struct deadline deadline);

/* Microseconds since a moment on that clock. */
uint64_t deadline_microseconds_since(struct timespec began);

bool deadline_before(struct deadline a, struct deadline b);

/* The earlier of the two. */
struct deadline deadline_earlier(struct deadline a, struct deadline b);
