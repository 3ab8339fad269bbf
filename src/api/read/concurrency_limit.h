/*
 * gate: lets so many through at a time; the others wait, each at most until its deadline.
 */
#pragma once
#include <stddef.h>

#include "base/deadline.h"
#include "base/error.h"

struct gate;

/* With places for so many inside. NULL when out of memory. */
struct gate *gate_open(size_t places);

/* To be called when nobody is inside or waiting. */
void gate_close(struct gate **gate);

/* Fails with ERROR_UNAVAILABLE at the deadline. On success the caller is inside until gate_leave.
 */
MUST_CHECK bool gate_enter(struct gate *gate, struct deadline deadline, struct error *err);
void gate_leave(struct gate *gate);
