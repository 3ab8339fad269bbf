/*
 * number: strict decimal numbers.
 */
#pragma once
#include <stdbool.h>

/* Reads a whole decimal number without sign or blanks. Returns false for anything else and for a
 * number outside the range. */
bool number_read(const char *text, long minimum, long maximum, long *number);
