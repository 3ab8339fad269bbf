/* When the database counts as down, and who is told so. */
#include "db/db.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/fake_server.h"

#include "base/banned.h"

/* TIMEOUT passes on purpose; nobody may have to wait until PATIENCE has. */
enum { TIMEOUT = 300, PATIENCE = 30000 };

static const struct query query = {"query", "SELECT 1", 0, false};
static const struct query *const usual[] = {&query, NULL};

struct fixture {
	struct fake_server *server;
	struct db *db;
	pthread_t asker;
	bool bulk;	      /* what the asker asks for */
	atomic_bool answered; /* what it got */
};

static int set_up(void **state)
{
	static struct fixture fixture;

	fixture = (struct fixture){.server = fake_open()};
	*state = &fixture;
	return fixture.server ? 0 : -1;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	db_close(&fixture->db);
	fake_close(&fixture->server);
	return 0;
}

static void pause_for(long milliseconds)
{
	const struct timespec pause = {.tv_sec = milliseconds / 1000,
				       .tv_nsec = milliseconds % 1000 * 1000000};

	nanosleep(&pause, NULL);
}

static bool ask(struct db *db, bool bulk)
{
	struct rows rows = {0};
	struct error err;
	bool answered = (bulk ? db_rows_bulk : db_rows)(db, &query, NULL, deadline_after(PATIENCE),
							&rows, &err);

	if (answered)
		rows_free(&rows);
	else
		assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	return answered;
}

static void *ask_aside(void *context)
{
	struct fixture *fixture = context;

	atomic_store(&fixture->answered, ask(fixture->db, fixture->bulk));
	return NULL;
}

/* Opens a pool whose queries may take that long, and waits until it answers. */
static void open_db(struct fixture *fixture, long timeout, long bulk_timeout)
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
	while (!ask(fixture->db, false))
		assert_false(deadline_passed(end));
}

/* Lets another thread ask what is not answered, and waits until it has. The next question will be
 * answered. */
static void ask_in_vain(struct fixture *fixture, bool bulk)
{
	struct deadline end = deadline_after(PATIENCE);

	fixture->bulk = bulk;
	atomic_store(&fixture->answered, true);
	fake_behave(fixture->server, FAKE_SILENT, 1);
	assert_int_equal(pthread_create(&fixture->asker, NULL, ask_aside, fixture), 0);
	while (atomic_load(&fixture->server->mode) != FAKE_ANSWER) {
		pause_for(1);
		assert_false(deadline_passed(end));
	}
}

static bool is_down(struct fixture *fixture)
{
	struct db_statistics statistics;

	db_statistics(fixture->db, &statistics);
	return statistics.down;
}

static void silence_ends_every_wait(void **state)
{
	struct fixture *fixture = *state;
	struct deadline end = deadline_after(PATIENCE);

	open_db(fixture, TIMEOUT, PATIENCE);
	ask_in_vain(fixture, true);
	/* Leaves a connection on which an answer can be missed. */
	assert_true(ask(fixture->db, false));
	db_doubt(fixture->db);
	fake_behave(fixture->server, FAKE_SILENT, 0);
	assert_false(ask(fixture->db, false));
	assert_true(is_down(fixture));
	pthread_join(fixture->asker, NULL);
	assert_false(fixture->answered);
	assert_false(deadline_passed(end));
}

static void a_doubt_that_is_confirmed_ends_every_wait(void **state)
{
	struct fixture *fixture = *state;
	struct deadline end = deadline_after(PATIENCE);

	open_db(fixture, PATIENCE, PATIENCE);
	ask_in_vain(fixture, false);
	fake_behave(fixture->server, FAKE_SILENT, 0);
	pause_for(700);
	assert_false(is_down(fixture));
	db_doubt(fixture->db);
	assert_true(is_down(fixture));
	pthread_join(fixture->asker, NULL);
	assert_false(fixture->answered);
	assert_false(deadline_passed(end));
	fake_behave(fixture->server, FAKE_ANSWER, 0);
	/* Ends a connect that was not answered before. */
	fake_hang_up(fixture->server);
	while (!ask(fixture->db, false))
		assert_false(deadline_passed(end));
}

static void a_doubt_is_one_expired_deadline(void **state)
{
	struct fixture *fixture = *state;

	open_db(fixture, TIMEOUT, TIMEOUT);
	pause_for(700);
	/* Nobody asks; however often it is said, it is the same doubt. */
	db_doubt(fixture->db);
	db_doubt(fixture->db);
	assert_false(is_down(fixture));
	assert_true(ask(fixture->db, false));
	fake_behave(fixture->server, FAKE_SILENT, 0);
	db_doubt(fixture->db);
	assert_false(ask(fixture->db, false));
	assert_true(is_down(fixture));
}

static void an_answer_outweighs_a_doubt(void **state)
{
	struct fixture *fixture = *state;
	struct deadline recent;

	open_db(fixture, PATIENCE, PATIENCE);
	ask_in_vain(fixture, true);
	pause_for(700);
	recent = deadline_after(400);
	/* On another connection, since the first is waited for. */
	assert_true(ask(fixture->db, false));
	db_doubt(fixture->db);
	/* On a machine that stood still meanwhile the answer is not recent, and proves nothing. */
	if (!deadline_passed(recent))
		assert_false(is_down(fixture));
	fake_hang_up(fixture->server);
	pthread_join(fixture->asker, NULL);
}

#define DOWN_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		DOWN_TEST(silence_ends_every_wait),
		DOWN_TEST(a_doubt_that_is_confirmed_ends_every_wait),
		DOWN_TEST(a_doubt_is_one_expired_deadline),
		DOWN_TEST(an_answer_outweighs_a_doubt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
