#include "base/deadline.h"

#include <limits.h>

#include "base/banned.h"

#define NANOSECONDS 1000000000L

bool deadline_before(struct deadline a, struct deadline b)
{
	return a.at.tv_sec < b.at.tv_sec ||
	       (a.at.tv_sec == b.at.tv_sec && a.at.tv_nsec < b.at.tv_nsec);
}

struct deadline deadline_after(long milliseconds)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return deadline_from(now, milliseconds);
}

struct deadline deadline_from(struct timespec moment, long milliseconds)
{
	struct deadline deadline = {moment};

	if (milliseconds < 0)
		milliseconds = 0;
	deadline.at.tv_sec += milliseconds / 1000;
	deadline.at.tv_nsec += milliseconds % 1000 * 1000000L;
	if (deadline.at.tv_nsec >= NANOSECONDS) {
		deadline.at.tv_sec++;
		deadline.at.tv_nsec -= NANOSECONDS;
	}
	return deadline;
}

int deadline_left(struct deadline deadline)
{
	struct timespec now;
	long long left;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (!deadline_before((struct deadline){now}, deadline))
		return 0;
	if (deadline.at.tv_sec - now.tv_sec > INT_MAX / 1000)
		return INT_MAX;
	left = (long long)(deadline.at.tv_sec - now.tv_sec) * NANOSECONDS;
	left += deadline.at.tv_nsec - now.tv_nsec;
	left = (left + 999999) / 1000000;
	return left > INT_MAX ? INT_MAX : (int)left;
}

bool deadline_passed(struct deadline deadline)
{
	return deadline_left(deadline) == 0;
}

uint64_t deadline_microseconds_since(struct timespec began)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)((now.tv_sec - began.tv_sec) * 1000000 +
			  (now.tv_nsec - began.tv_nsec) / 1000);
}

struct deadline deadline_earlier(struct deadline a, struct deadline b)
{
	return deadline_before(a, b) ? a : b;
}
