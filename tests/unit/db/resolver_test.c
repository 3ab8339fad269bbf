/* A resolver that does not respond: it blocks the threads that connect, and nothing else. */
#include "db/db.h"
#include "db/revision_listener.h"

#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

enum { PATIENCE = 30000, SOON = 300 };

static pthread_mutex_t slow = PTHREAD_MUTEX_INITIALIZER;

/* Replaces the system's: "slow" waits until the mutex is free. */
int getaddrinfo(const char *restrict name, const char *restrict service,
		const struct addrinfo *restrict wanted, struct addrinfo **restrict found)
{
	int (*system)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

	*(void **)&system = dlsym(RTLD_NEXT, "getaddrinfo");
	if (!name || strcmp(name, "slow") != 0)
		return system(name, service, wanted, found);
	pthread_mutex_lock(&slow);
	pthread_mutex_unlock(&slow);
	return EAI_AGAIN;
}

static const struct query query = {"query", "SELECT 1", 0};
static const struct query *const usual[] = {&query, NULL};

static void slow_look_up_means_down(void **state)
{
	const struct db_settings settings = {.url = "host=slow port=1 user=u",
					     .pool = 1,
					     .pool_wait = SOON,
					     .query_timeout = PATIENCE,
					     .queries = usual};
	struct deadline end = deadline_after(PATIENCE / 2);
	struct db_statistics statistics = {0};
	struct db *db;
	struct rows rows;
	struct error err;

	(void)state;
	assert_true(db_open(&settings, &db, &err));
	while (!statistics.down) {
		assert_false(db_rows(db, &query, NULL, deadline_after(PATIENCE), &rows, &err));
		assert_int_equal(err.kind, ERROR_UNAVAILABLE);
		db_statistics(db, &statistics);
		assert_false(deadline_passed(end));
	}
	assert_int_equal(statistics.connects_failed, 0);
	assert_false(db_rows(db, &query, NULL, deadline_after(PATIENCE), &rows, &err));
	assert_string_equal(err.message, "No connection to the database in time.");
	db_close(&db);
	assert_null(db);
	assert_false(deadline_passed(end));
}

static uint64_t known(void *context)
{
	(void)context;
	return 0;
}

static void fail_if_called(void *context, bool timed_out)
{
	(void)context;
	(void)timed_out;
	fail();
}

static void listener_stops_during_slow_look_up(void **state)
{
	const struct revision_listener_settings settings = {
		.url = "host=slow port=1 user=u", .known = known, .disconnected = fail_if_called};
	struct deadline end = deadline_after(PATIENCE);
	struct revision_listener *listener;
	struct error err;

	(void)state;
	assert_true(revision_listener_open(&settings, &listener, &err));
	revision_listener_close(&listener);
	assert_null(listener);
	assert_false(deadline_passed(end));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slow_look_up_means_down),
		cmocka_unit_test(listener_stops_during_slow_look_up),
	};

	/* Never released: the threads that look up a name end with the process. */
	pthread_mutex_lock(&slow);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
