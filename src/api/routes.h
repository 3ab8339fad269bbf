/*
 * routes: the whole API at a glance.
 */
#pragma once
#include "http/routing/route.h"

/* Ends with an all-zero one. */
extern const struct route routes[];

/* The paths that ask how the service is; ends with a null pointer. */
extern const char *const probes[];
