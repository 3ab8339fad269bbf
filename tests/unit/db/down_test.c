/* When the database counts as down, and which waits that ends. */
#include "db/db.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/pool_fixture.h"

#include "base/banned.h"

/* TIMEOUT expires on purpose; no wait may last until PATIENCE. */
enum { TIMEOUT = 300, PATIENCE = 30000 };

static const struct query query = {"query", "SELECT 1", 0};
static const struct query *const usual[] = {&query, NULL};

/* A query in another thread. */
static struct {
	pthread_t thread;
	bool bulk;
	atomic_bool succeeded;
} querier;

static void pause_for(long milliseconds)
{
	const struct timespec pause = {.tv_sec = milliseconds / 1000,
				       .tv_nsec = milliseconds % 1000 * 1000000};

	nanosleep(&pause, NULL);
}

static bool query_once(struct db *db, bool bulk)
{
	struct rows rows = {0};
	struct error err;
	bool succeeded = (bulk ? db_rows_bulk : db_rows)(db, &query, NULL, deadline_after(PATIENCE),
							 &rows, &err);

	if (succeeded)
		rows_free(&rows);
	else
		assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	return succeeded;
}

static void *query_aside(void *context)
{
	struct pool_fixture *fixture = context;

	atomic_store(&querier.succeeded, query_once(fixture->db, querier.bulk));
	return NULL;
}

/* Opens a pool whose queries may take that long, and waits until one succeeds. */
static void open_db(struct pool_fixture *fixture, long timeout, long bulk_timeout)
{
	const struct db_settings settings = {.url = fake_url(fixture->server),
					     .pool = 4,
					     .pool_wait = PATIENCE,
					     .query_timeout = timeout,
					     .bulk_timeout = bulk_timeout,
					     .queries = usual};
	struct deadline end = deadline_after(PATIENCE);
	struct error err;

	assert_true(db_open(&settings, &fixture->db, &err));
	while (!query_once(fixture->db, false))
		assert_false(deadline_passed(end));
}

/* Starts a query in another thread that gets no response, and waits until the server has it. The
 * next query gets one. */
static void start_hanging_query(struct pool_fixture *fixture, bool bulk)
{
	struct deadline end = deadline_after(PATIENCE);

	querier.bulk = bulk;
	atomic_store(&querier.succeeded, true);
	fake_behave(fixture->server, FAKE_SILENT, 1);
	assert_int_equal(pthread_create(&querier.thread, NULL, query_aside, fixture), 0);
	while (atomic_load(&fixture->server->mode) != FAKE_RESPOND) {
		pause_for(1);
		assert_false(deadline_passed(end));
	}
}

static bool is_down(struct pool_fixture *fixture)
{
	struct db_statistics statistics;

	db_statistics(fixture->db, &statistics);
	return statistics.down;
}

static void two_expired_deadlines_end_every_wait(void **state)
{
	struct pool_fixture *fixture = *state;
	struct deadline end = deadline_after(PATIENCE);

	open_db(fixture, TIMEOUT, PATIENCE);
	start_hanging_query(fixture, true);
	/* Leaves a connection on which a response can stay out. */
	assert_true(query_once(fixture->db, false));
	db_doubt(fixture->db);
	fake_behave(fixture->server, FAKE_SILENT, 0);
	assert_false(query_once(fixture->db, false));
	assert_true(is_down(fixture));
	pthread_join(querier.thread, NULL);
	assert_false(querier.succeeded);
	assert_false(deadline_passed(end));
}

static void confirmed_doubt_ends_every_wait(void **state)
{
	struct pool_fixture *fixture = *state;
	struct deadline end = deadline_after(PATIENCE);

	open_db(fixture, PATIENCE, PATIENCE);
	start_hanging_query(fixture, false);
	fake_behave(fixture->server, FAKE_SILENT, 0);
	pause_for(700);
	assert_false(is_down(fixture));
	db_doubt(fixture->db);
	assert_true(is_down(fixture));
	pthread_join(querier.thread, NULL);
	assert_false(querier.succeeded);
	assert_false(deadline_passed(end));
	fake_behave(fixture->server, FAKE_RESPOND, 0);
	/* Ends a connect that got no response before. */
	fake_hang_up(fixture->server);
	while (!query_once(fixture->db, false))
		assert_false(deadline_passed(end));
}

static void doubt_counts_as_one_expired_deadline(void **state)
{
	struct pool_fixture *fixture = *state;

	open_db(fixture, TIMEOUT, TIMEOUT);
	pause_for(700);
	/* No query runs; a repeated doubt counts once. */
	db_doubt(fixture->db);
	db_doubt(fixture->db);
	assert_false(is_down(fixture));
	assert_true(query_once(fixture->db, false));
	fake_behave(fixture->server, FAKE_SILENT, 0);
	db_doubt(fixture->db);
	assert_false(query_once(fixture->db, false));
	assert_true(is_down(fixture));
}

static void response_outweighs_doubt(void **state)
{
	struct pool_fixture *fixture = *state;
	struct deadline recent;

	open_db(fixture, PATIENCE, PATIENCE);
	start_hanging_query(fixture, true);
	pause_for(700);
	recent = deadline_after(400);
	/* On another connection, since the first one is busy. */
	assert_true(query_once(fixture->db, false));
	db_doubt(fixture->db);
	/* On a stalled machine the response is no longer recent and proves nothing. */
	if (!deadline_passed(recent))
		assert_false(is_down(fixture));
	fake_hang_up(fixture->server);
	pthread_join(querier.thread, NULL);
}

#define DOWN_TEST(test) cmocka_unit_test_setup_teardown(test, pool_fixture_open, pool_fixture_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		DOWN_TEST(two_expired_deadlines_end_every_wait),
		DOWN_TEST(confirmed_doubt_ends_every_wait),
		DOWN_TEST(doubt_counts_as_one_expired_deadline),
		DOWN_TEST(response_outweighs_doubt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
