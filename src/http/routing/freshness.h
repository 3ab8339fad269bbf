/*
 * freshness: how long caches may reuse a response. (RFC 9111, section 4.2; RFC 5861)
 */
#pragma once
#include <stdbool.h>
#include <time.h>

enum { FRESHNESS_FIELD = 96 };

/* Writes the value of Cache-Control. A response that becomes outdated at `ends` (0: never by
 * itself) is not reused after that: first max-age and then stale-while-revalidate are shortened. */
void freshness_write(time_t now, time_t ends, char field[FRESHNESS_FIELD]);

/* True while the value is that of a response that never ends. */
bool freshness_is_full(time_t now, time_t ends);
