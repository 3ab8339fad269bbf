#include "server/file_limit.h"

#include <stdio.h>
#include <sys/resource.h>

#include "base/banned.h"

/* A message with the remedy. */
static bool refuse_limit(long connections, long needed, long most, struct error *err)
{
	long possible = most - (needed - connections);
	char lower[80] = "";

	if (possible > 0)
		snprintf(lower, sizeof lower, ", or set CYBERTREATY_CONNECTIONS to %ld or less",
			 possible);
	return error_set(err, ERROR_UNAVAILABLE,
			 "CYBERTREATY_CONNECTIONS=%ld needs %ld open files, and this process may "
			 "have %ld: raise that limit (ulimit -n; LimitNOFILE= of systemd; --ulimit "
			 "nofile= of Docker)%s.",
			 connections, needed, most, lower);
}

bool file_limit_suffices(long connections, long others, struct error *err)
{
	rlim_t needed = (rlim_t)(connections + others);
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return error_set(err, ERROR_INTERNAL, "The limit of open files cannot be read.");
	if (limit.rlim_cur >= needed)
		return true;
	if (limit.rlim_max < needed)
		return refuse_limit(connections, (long)needed, (long)limit.rlim_max, err);
	limit.rlim_cur = needed;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
		return error_set(err, ERROR_UNAVAILABLE,
				 "The limit of open files cannot be raised to %ld.", (long)needed);
	return true;
}
