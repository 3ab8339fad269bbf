/*
 * gate: lets so many through at a time; the others wait, each at most until its deadline.
 */
#pragma once
#include <stddef.h>

#include "base/deadline.h"
#include "base/error.h"

struct concurrency_limit;

/* With places for so many inside. NULL when out of memory. */
struct concurrency_limit *concurrency_limit_open(size_t places);

/* To be called when nobody is inside or waiting. */
void concurrency_limit_close(struct concurrency_limit **gate);

/* Fails with ERROR_UNAVAILABLE at the deadline. On success the caller is inside until
 * concurrency_limit_leave.
 */
MUST_CHECK bool concurrency_limit_enter(struct concurrency_limit *gate, struct deadline deadline,
					struct error *err);
void concurrency_limit_leave(struct concurrency_limit *gate);
