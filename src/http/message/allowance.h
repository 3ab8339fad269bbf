/*
 * allowance: how many requests a client may still send.
 */
#pragma once
#include <stdbool.h>

struct allowance {
	bool granted;
	long left;	/* requests that may follow at once */
	long retry;	/* seconds until a refused client may ask again, rounded up; else 0 */
	long replenish; /* seconds until the bucket is full again, rounded up */
};
