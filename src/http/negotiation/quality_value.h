/*
 * quality_value: parses the elements of Accept, Accept-Language and Accept-Encoding. (RFC 9110,
 * section 12.4.2)
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* One well-formed element, without parameters. */
struct quality_value {
	const char *text; /* not terminated: inside the list */
	size_t length;
	int quality; /* 0 to 1000; 1000 by default */
};

/* Reads the next element of *list, which starts at the value of the field, and moves *list past it.
 * Skips malformed elements. Returns false at the end. */
bool quality_value_next(const char **list, struct quality_value *preference);
