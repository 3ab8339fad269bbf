/* Revisions from a server that responds, hangs, closes connections or was restored. */
#include "db/revision_listener.h"

#include "base/deadline.h"
#include "base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "support/fake_server.h"

#include "base/banned.h"

enum { PATIENCE = 30000 };

/* What the listener reported, and the newest revision that others know. */
struct reports {
	struct fake_server *server;
	struct revision_listener *listener;
	_Atomic uint64_t known, seen;
	atomic_int count, backs, disconnects, timeouts;
};

static uint64_t known(void *context)
{
	return atomic_load(&((struct reports *)context)->known);
}

static void seen(void *context, uint64_t revision, int64_t changed, bool back)
{
	struct reports *reports = context;

	(void)changed;
	atomic_store(&reports->seen, revision);
	if (back || revision > atomic_load(&reports->known))
		atomic_store(&reports->known, revision);
	atomic_fetch_add(&reports->backs, back);
	atomic_fetch_add(&reports->count, 1);
}

static void count_disconnect(void *context, bool timed_out)
{
	struct reports *reports = context;

	atomic_fetch_add(&reports->timeouts, timed_out);
	atomic_fetch_add(&reports->disconnects, 1);
}

static int set_up(void **state)
{
	static struct reports reports;

	reports = (struct reports){.server = fake_open()};
	*state = &reports;
	return reports.server ? 0 : -1;
}

static int tear_down(void **state)
{
	struct reports *reports = *state;

	revision_listener_close(&reports->listener);
	assert_null(reports->listener);
	fake_close(&reports->server);
	return 0;
}

static void start_listener(struct reports *reports)
{
	const struct revision_listener_settings settings = {.url = fake_url(reports->server),
							    .known = known,
							    .seen = seen,
							    .disconnected = count_disconnect,
							    .context = reports};
	struct error err;

	assert_true(revision_listener_open(&settings, &reports->listener, &err));
}

/* Waits until a count has passed a number. */
static void await_more(const atomic_int *count, int than)
{
	const struct timespec pause = {.tv_nsec = 5000000};
	struct deadline deadline = deadline_after(PATIENCE);

	while (atomic_load(count) <= than) {
		assert_false(deadline_passed(deadline));
		nanosleep(&pause, NULL);
	}
}

static void polls_and_listens(void **state)
{
	struct reports *reports = *state;

	atomic_store(&reports->server->revision, 41);
	start_listener(reports);
	await_more(&reports->count, 0);
	assert_int_equal(reports->seen, 41);
	fake_notify(reports->server, "42");
	await_more(&reports->count, 1);
	/* A poll in between may have reported the older one. */
	for (int count = reports->count; reports->known != 42; count = reports->count)
		await_more(&reports->count, count);
	assert_int_equal(reports->disconnects, 0);
}

static void polls_repeatedly(void **state)
{
	struct reports *reports = *state;

	atomic_store(&reports->server->revision, 7);
	start_listener(reports);
	await_more(&reports->count, 0);
	atomic_store(&reports->server->revision, 8);
	await_more(&reports->count, 1);
	assert_int_equal(reports->seen, 8);
	assert_int_equal(reports->backs, 0);
}

/* A request may have seen a newer revision than the listener did. */
static void reports_restored_dataset(void **state)
{
	struct reports *reports = *state;

	atomic_store(&reports->server->revision, 9);
	start_listener(reports);
	await_more(&reports->count, 0);
	assert_int_equal(reports->backs, 0);
	atomic_store(&reports->known, 12);
	await_more(&reports->backs, 0);
	assert_int_equal(reports->seen, 9);
	assert_int_equal(reports->known, 9);
	atomic_store(&reports->server->revision, 5);
	await_more(&reports->backs, 1);
	assert_int_equal(reports->known, 5);
	assert_int_equal(reports->disconnects, 0);
}

static void reports_disconnect_and_reconnects(void **state)
{
	struct reports *reports = *state;
	int count;

	atomic_store(&reports->server->revision, 3);
	start_listener(reports);
	await_more(&reports->count, 0);
	fake_hang_up(reports->server);
	await_more(&reports->disconnects, 0);
	assert_int_equal(reports->timeouts, 0);
	count = reports->count;
	await_more(&reports->count, count);
	assert_int_equal(reports->seen, 3);
}

/* The connection broke unnoticed. */
static void timeout_counts_as_disconnected(void **state)
{
	struct reports *reports = *state;
	struct deadline most = deadline_after(PATIENCE / 2);

	atomic_store(&reports->server->revision, 3);
	start_listener(reports);
	await_more(&reports->count, 0);
	atomic_store(&reports->server->mode, FAKE_SILENT);
	await_more(&reports->disconnects, 0);
	assert_int_equal(reports->timeouts, 1);
	assert_false(deadline_passed(most));
	atomic_store(&reports->server->mode, FAKE_RESPOND);
	atomic_store(&reports->server->revision, 4);
	for (int count = reports->count; reports->seen != 4; count = reports->count)
		await_more(&reports->count, count);
}

static void failed_query_counts_as_disconnected(void **state)
{
	struct reports *reports = *state;

	atomic_store(&reports->server->mode, FAKE_FAIL);
	start_listener(reports);
	await_more(&reports->disconnects, 1);
	assert_int_equal(reports->count, 0);
}

static void stops_at_once_while_connecting(void **state)
{
	struct reports *reports = *state;
	struct deadline most;

	atomic_store(&reports->server->mode, FAKE_SILENT);
	start_listener(reports);
	most = deadline_after(1500);
	revision_listener_close(&reports->listener);
	/* It would wait two seconds for the connection. */
	assert_false(deadline_passed(most));
	revision_listener_close(&reports->listener);
}

static void refuses_invalid_url(void **state)
{
	const struct revision_listener_settings settings = {.url = "postgresql://u:secret@h/d?x%"};
	struct revision_listener *listener = NULL;
	struct error err;

	(void)state;
	assert_false(revision_listener_open(&settings, &listener, &err));
	assert_int_equal(err.kind, ERROR_BAD_REQUEST);
	assert_null(strstr(err.message, "secret"));
	assert_null(listener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(polls_and_listens, set_up, tear_down),
		cmocka_unit_test_setup_teardown(polls_repeatedly, set_up, tear_down),
		cmocka_unit_test_setup_teardown(reports_restored_dataset, set_up, tear_down),
		cmocka_unit_test_setup_teardown(reports_disconnect_and_reconnects, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(timeout_counts_as_disconnected, set_up, tear_down),
		cmocka_unit_test_setup_teardown(failed_query_counts_as_disconnected, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(stops_at_once_while_connecting, set_up, tear_down),
		cmocka_unit_test(refuses_invalid_url),
	};

	log_threshold(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
