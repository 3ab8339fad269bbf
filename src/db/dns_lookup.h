/*
 * lookup: addresses of a host's name, by a deadline. For connect.c.
 *
 * The system's resolver knows no deadline, and may need many seconds when its servers are gone. So
 * it runs in a thread of its own, which is left alone when it takes too long.
 */
#pragma once
#include <stddef.h>

#include "base/deadline.h"
#include "base/buffer.h"

/* True when `name` is neither a numeric address nor the folder of a socket. */
bool dns_lookup_needed(const char *name);

/* Adds the numeric addresses of `name` to `addresses`, with commas between them, and gives their
 * number, at least 1. 0 when there are none, the deadline came or `interrupt` (-1: nothing) became
 * readable; `complaint` then says what is wrong. */
size_t dns_lookup_addresses(const char *name, struct deadline deadline, int interrupt,
			    struct buffer *addresses, char *complaint, size_t size);
