#include "http/descriptors.h"

#include <sys/resource.h>

#include "base/banned.h"

bool descriptors_suffice(long connections, long others, struct error *err)
{
	rlim_t needed = (rlim_t)(connections + others);
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return error_set(err, ERROR_INTERNAL, "The limit of open files cannot be read.");
	if (limit.rlim_cur >= needed)
		return true;
	if (limit.rlim_max >= needed) {
		limit.rlim_cur = needed;
		if (setrlimit(RLIMIT_NOFILE, &limit) == 0)
			return true;
	}
	return error_set(err, ERROR_UNAVAILABLE,
			 "CYBERTREATY_CONNECTIONS=%ld needs %ld open files, and this process may "
			 "have %ld: raise that limit (ulimit -n; LimitNOFILE= of systemd; --ulimit "
			 "nofile= of Docker), or set CYBERTREATY_CONNECTIONS to %ld or less.",
			 connections, connections + others, (long)limit.rlim_max,
			 (long)limit.rlim_max > others ? (long)limit.rlim_max - others : 0L);
}
