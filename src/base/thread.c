#include "base/thread.h"

#include <string.h>

#include "base/banned.h"

bool thread_start(pthread_t *thread, const char *name, void *(*routine)(void *context),
		  void *context, struct error *err)
{
	char shown[16] = "";
	pthread_attr_t attributes;
	int failure;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, THREAD_STACK_BYTES);
	failure = pthread_create(thread, &attributes, routine, context);
	pthread_attr_destroy(&attributes);
	if (failure)
		return error_set(err, ERROR_INTERNAL, "Cannot start the thread '%s': %s.", name,
				 strerrordesc_np(failure));
	memcpy(shown, name, strnlen(name, sizeof shown - 1));
	pthread_setname_np(*thread, shown);
	return true;
}

bool thread_join(pthread_t thread, struct deadline deadline)
{
	bool joined;
#ifdef __SANITIZE_THREAD__
	/* ThreadSanitizer does not know pthread_clockjoin_np, only this one. */
	struct timespec end;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += deadline_left(deadline) / 1000 + 1;
	joined = pthread_timedjoin_np(thread, NULL, &end) == 0;
#else
	joined = pthread_clockjoin_np(thread, NULL, CLOCK_MONOTONIC, &deadline.at) == 0;
#endif
	if (!joined)
		pthread_detach(thread);
	return joined;
}

void thread_condition_init(pthread_cond_t *condition)
{
	pthread_condattr_t monotonic;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(condition, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

bool thread_wait(pthread_cond_t *condition, pthread_mutex_t *lock, struct deadline deadline)
{
	return pthread_cond_timedwait(condition, lock, &deadline.at) == 0;
}
