#include "http/routing/freshness.h"

#include <stdio.h>

#include "base/banned.h"

enum { MAX_AGE = 60, REVALIDATE = 60 };

static long at_most(long seconds, long limit)
{
	if (seconds < 0)
		return 0;
	return seconds < limit ? seconds : limit;
}

void freshness_write(time_t now, time_t ends, char field[FRESHNESS_FIELD])
{
	const long left = ends ? (long)(ends - now) : MAX_AGE + REVALIDATE;
	const long age = at_most(left, MAX_AGE);

	snprintf(field, FRESHNESS_FIELD,
		 "public, max-age=%ld, stale-while-revalidate=%ld, stale-if-error=86400", age,
		 at_most(left - age, REVALIDATE));
}

bool freshness_is_full(time_t now, time_t ends)
{
	return !ends || ends - now >= MAX_AGE + REVALIDATE;
}
