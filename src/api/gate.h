/*
 * gate: lets one through at a time; the others wait, each at most until its deadline.
 */
#pragma once
#include "base/deadline.h"
#include "base/error.h"

struct gate;

/* NULL when out of memory. */
struct gate *gate_open(void);

/* To be called when nobody is inside or waiting. */
void gate_close(struct gate **gate);

/* Fails with ERROR_UNAVAILABLE at the deadline. On success the caller is inside until gate_leave.
 */
MUST_CHECK bool gate_enter(struct gate *gate, struct deadline deadline, struct error *err);
void gate_leave(struct gate *gate);
