/*
 * routes: the whole API at a glance.
 */
#pragma once
#include "http/route.h"

/* Ends with an all-zero one. */
extern const struct route routes[];
