/*
 * concurrency_limit: a limited number of callers at a time; others wait until their deadlines.
 */
#pragma once
#include <stddef.h>

#include "base/deadline.h"
#include "base/error.h"

struct concurrency_limit;

/* For `places` callers at a time. NULL when out of memory. */
struct concurrency_limit *concurrency_limit_open(size_t places);

/* To be called when no caller is inside or waiting. */
void concurrency_limit_close(struct concurrency_limit **limit);

/* Fails with ERROR_UNAVAILABLE at the deadline. On success the caller is inside until it calls
 * concurrency_limit_leave. */
MUST_CHECK bool concurrency_limit_enter(struct concurrency_limit *limit, struct deadline deadline,
					struct error *err);
void concurrency_limit_leave(struct concurrency_limit *limit);
