#include "db/db.h"

#include "base/number.h"
#include "db/statement_cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/fake_server.h"

#include "base/banned.h"

/* What must come in time is given PATIENCE, what must not be waited for is told by being well below
 * it. The others pass on purpose: short, so that the tests are. */
enum { POOL_WAIT = 300, QUERY_TIMEOUT = 500, BULK_TIMEOUT = 2 * QUERY_TIMEOUT };

enum { PATIENCE = 30000, POOL = 3 };

static const struct query query = {"query", "SELECT 1", 0, false};
static const struct query misfit = {"misfit", "SELECT missing", 0, false};
static const struct query *const usual[] = {&query, NULL};
static const struct query *const misfits[] = {&query, &misfit, NULL};

struct fixture {
	struct fake_server *server;
	struct db *db;
};

static void open_with(struct fixture *fixture, long pool_wait, long query_timeout,
		      const struct query *const *statements)
{
	const struct db_settings settings = {.url = fake_url(fixture->server),
					     .pool = POOL,
					     .pool_wait = pool_wait,
					     .query_timeout = query_timeout,
					     .bulk_timeout = query_timeout * 2,
					     .queries = statements};
	struct error err;

	assert_true(db_open(&settings, &fixture->db, &err));
}

/* Opens a pool for which no machine is too slow. */
static void open_db(struct fixture *fixture)
{
	open_with(fixture, PATIENCE, PATIENCE, usual);
}

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

/* The number of the connection that answered, 0 for a failure. */
static int ask(struct db *db, long milliseconds, struct error *err)
{
	struct rows rows = {0};
	long number;

	if (!db_rows(db, &query, NULL, deadline_after(milliseconds), &rows, err))
		return 0;
	assert_int_equal(rows.count, 1);
	assert_int_equal(rows.columns, 2);
	assert_true(number_read(rows_text(&rows, 0, 0), 1, 10000, &number));
	assert_int_equal(rows_length(&rows, 0, 0), strlen(rows_text(&rows, 0, 0)));
	assert_null(rows_text(&rows, 0, 1));
	rows_free(&rows);
	return (int)number;
}

/* Asks until there is an answer: after a fault, the pool needs a moment. */
static int ask_patiently(struct db *db)
{
	struct deadline end = deadline_after(PATIENCE);
	struct error err;
	int number;

	while (!(number = ask(db, PATIENCE, &err)))
		assert_false(deadline_passed(end));
	return number;
}

static bool is_down(struct db *db)
{
	struct db_statistics statistics;

	db_statistics(db, &statistics);
	return statistics.down;
}

/* Asks until it counts as down, then once more; gives that failure, which comes at once. */
static void wait_for_down(struct db *db, struct error *err)
{
	struct deadline end = deadline_after(PATIENCE);

	while (!is_down(db)) {
		ask(db, PATIENCE, err);
		assert_false(deadline_passed(end));
	}
	assert_int_equal(ask(db, PATIENCE, err), 0);
	assert_false(deadline_passed(end));
}

static void answers(void **state)
{
	struct fixture *fixture = *state;
	struct error err = {.message = "untouched"};

	open_db(fixture);
	assert_int_equal(ask_patiently(fixture->db), 1);
	for (int i = 0; i < 50; i++)
		assert_int_equal(ask(fixture->db, PATIENCE, &err), 1);
	assert_string_equal(err.message, "untouched");
	assert_int_equal(fake_connections(fixture->server), 1);
	assert_true(db_responded_within(fixture->db, PATIENCE));
	assert_true(db_schema_fits(fixture->db));
}

static int ask_bulk(struct db *db, struct error *err)
{
	struct rows rows = {0};
	long number;

	if (!db_rows_bulk(db, &query, NULL, deadline_after(PATIENCE), &rows, err))
		return 0;
	assert_int_equal(rows.columns, 2);
	assert_true(number_read(rows_text(&rows, 0, 0), 1, 10000, &number));
	rows_free(&rows);
	return (int)number;
}

static void answers_in_bulk(void **state)
{
	struct fixture *fixture = *state;
	struct error err;

	open_db(fixture);
	ask_patiently(fixture->db);
	for (int i = 0; i < 20; i++) {
		assert_int_equal(ask_bulk(fixture->db, &err), 1);
		assert_int_equal(ask(fixture->db, PATIENCE, &err), 1);
	}
	/* The limit is refused: the connection is as good as before. */
	fake_fail(fixture->server, "57014", 1);
	assert_int_equal(ask_bulk(fixture->db, &err), 0);
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	assert_non_null(strstr(err.message, "57014"));
	assert_int_equal(ask_bulk(fixture->db, &err), 1);
	fake_behave(fixture->server, FAKE_HANG_UP, 1);
	assert_int_equal(ask_bulk(fixture->db, &err), 2);
	/* "prepared statement does not exist" */
	fake_fail(fixture->server, "26000", 1);
	assert_int_equal(ask_bulk(fixture->db, &err), 3);
}

static void waits_longer_in_bulk(void **state)
{
	struct fixture *fixture = *state;
	struct deadline limit;
	struct error err;

	open_with(fixture, PATIENCE, QUERY_TIMEOUT, usual);
	ask_patiently(fixture->db);
	fake_behave(fixture->server, FAKE_SILENT, 1);
	limit = deadline_after(BULK_TIMEOUT);
	assert_int_equal(ask_bulk(fixture->db, &err), 0);
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	assert_true(deadline_passed(limit));
	assert_int_equal(ask_patiently(fixture->db), 2);
}

static void asks_again_after_a_lost_connection(void **state)
{
	struct fixture *fixture = *state;
	struct error err;

	open_db(fixture);
	ask_patiently(fixture->db);
	fake_behave(fixture->server, FAKE_HANG_UP, 1);
	assert_int_equal(ask(fixture->db, PATIENCE, &err), 2);
	fake_fail(fixture->server, "57P01", 1);
	assert_int_equal(ask(fixture->db, PATIENCE, &err), 3);
}

static void asks_no_third_time(void **state)
{
	struct fixture *fixture = *state;
	struct error err;

	open_db(fixture);
	ask_patiently(fixture->db);
	fake_behave(fixture->server, FAKE_HANG_UP, 0);
	assert_int_equal(ask(fixture->db, PATIENCE, &err), 0);
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	fake_behave(fixture->server, FAKE_ANSWER, 0);
	assert_int_equal(ask_patiently(fixture->db), 3);
}

static void asks_again_when_its_statements_are_stale(void **state)
{
	static const char *const states[] = {"0A000", "26000"};
	struct fixture *fixture = *state;
	struct error err;

	open_db(fixture);
	ask_patiently(fixture->db);
	for (int i = 0; i < 2; i++) {
		fake_fail(fixture->server, states[i], 1);
		assert_int_equal(ask(fixture->db, PATIENCE, &err), 2 + i);
	}
	fake_fail(fixture->server, "0A000", 0);
	assert_int_equal(ask(fixture->db, PATIENCE, &err), 0);
	assert_int_equal(err.kind, ERROR_INTERNAL);
}

/* The server closes them while they lie idle, as when it is restarted. */
static void replaces_connections_that_died_idle(void **state)
{
	struct fixture *fixture = *state;
	struct error err;

	open_db(fixture);
	ask_patiently(fixture->db);
	for (int i = 0; i < 5; i++) {
		fake_hang_up(fixture->server);
		assert_int_equal(ask(fixture->db, PATIENCE, &err), 2 + i);
	}
}

static const struct {
	const char *state;
	enum error_kind kind;
} failures[] = {
	{"22P02", ERROR_BAD_REQUEST}, {"22003", ERROR_BAD_REQUEST}, {"57014", ERROR_UNAVAILABLE},
	{"53200", ERROR_UNAVAILABLE}, {"40001", ERROR_UNAVAILABLE}, {"55P03", ERROR_UNAVAILABLE},
	{"42501", ERROR_UNAVAILABLE}, {"25006", ERROR_INTERNAL},    {"XX000", ERROR_INTERNAL},
};

static void names_kinds_of_failure(void **state)
{
	struct fixture *fixture = *state;
	struct error err;

	open_db(fixture);
	ask_patiently(fixture->db);
	for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
		fake_fail(fixture->server, failures[i].state, 1);
		assert_int_equal(ask(fixture->db, PATIENCE, &err), 0);
		assert_int_equal(err.kind, failures[i].kind);
		/* A client may see the text of a 4xx; the log needs the server's. */
		assert_int_equal(strstr(err.message, "the server's words") != NULL,
				 failures[i].kind != ERROR_BAD_REQUEST);
	}
	assert_int_equal(ask(fixture->db, PATIENCE, &err), 1);
}

static void gives_up_a_silent_server(void **state)
{
	struct fixture *fixture = *state;
	struct error err;

	open_with(fixture, PATIENCE, QUERY_TIMEOUT, usual);
	ask_patiently(fixture->db);
	fake_behave(fixture->server, FAKE_SILENT, 0);
	assert_int_equal(ask(fixture->db, PATIENCE, &err), 0);
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	wait_for_down(fixture->db, &err);
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	assert_true(db_schema_fits(fixture->db));
	fake_behave(fixture->server, FAKE_ANSWER, 0);
	ask_patiently(fixture->db);
	assert_true(db_responded_within(fixture->db, PATIENCE));
}

/* It may answer everybody else: two deadlines in a row are needed, and long enough ones. */
static void does_not_believe_a_short_deadline(void **state)
{
	struct fixture *fixture = *state;
	struct error err;

	open_with(fixture, PATIENCE, QUERY_TIMEOUT, usual);
	for (int i = 0; i < 4; i++) {
		ask_patiently(fixture->db);
		fake_behave(fixture->server, FAKE_SILENT, 1);
		assert_int_equal(ask(fixture->db, 20, &err), 0);
		assert_int_equal(err.kind, ERROR_UNAVAILABLE);
		assert_false(is_down(fixture->db));
		fake_behave(fixture->server, FAKE_ANSWER, 0);
	}
	for (int i = 0; i < 3; i++) {
		ask_patiently(fixture->db);
		fake_behave(fixture->server, FAKE_SILENT, 1);
		assert_int_equal(ask(fixture->db, PATIENCE, &err), 0);
		assert_false(is_down(fixture->db));
		fake_behave(fixture->server, FAKE_ANSWER, 0);
	}
}

static void fails_at_once_when_nothing_listens(void **state)
{
	struct fixture *fixture = *state;
	struct fake_server *gone = fixture->server;
	struct error err;

	open_db(fixture);
	fixture->server = fake_open();
	fake_close(&gone);
	wait_for_down(fixture->db, &err);
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	assert_false(db_responded_within(fixture->db, 0));
}

static void a_full_server_is_not_down(void **state)
{
	struct fixture *fixture = *state;
	struct error err;

	open_db(fixture);
	ask_patiently(fixture->db);
	fake_behave(fixture->server, FAKE_FULL, 0);
	for (int i = 0; i < 20; i++)
		assert_int_equal(ask(fixture->db, PATIENCE, &err), 1);
	fake_hang_up(fixture->server);
	wait_for_down(fixture->db, &err);
	assert_non_null(strstr(err.message, "the server's words"));
}

static void waits_no_longer_than_it_may(void **state)
{
	struct fixture *fixture = *state;
	struct deadline end = deadline_after(PATIENCE / 2);
	struct error err;

	fake_behave(fixture->server, FAKE_SILENT, 0);
	open_with(fixture, POOL_WAIT, QUERY_TIMEOUT, usual);
	assert_int_equal(ask(fixture->db, PATIENCE, &err), 0);
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	assert_int_equal(ask(fixture->db, 0, &err), 0);
	assert_false(db_responded_within(fixture->db, PATIENCE));
	db_close(&fixture->db);
	assert_false(deadline_passed(end));
}

/* Checks until the schema fits; db_check does so once a second. */
static void check_until_fit(struct db *db)
{
	const struct timespec pause = {.tv_nsec = 20000000};
	struct deadline end = deadline_after(PATIENCE);
	struct error err;

	while (!db_check(db, deadline_after(PATIENCE), &err)) {
		assert_false(deadline_passed(end));
		nanosleep(&pause, NULL);
	}
	assert_true(db_schema_fits(db));
}

static void first_connection_checks_all_queries(void **state)
{
	struct fixture *fixture = *state;
	struct error err;

	open_with(fixture, PATIENCE, PATIENCE, misfits);
	ask_patiently(fixture->db);
	assert_false(db_schema_fits(fixture->db));
	assert_false(is_down(fixture->db));
	assert_false(db_check(fixture->db, deadline_after(PATIENCE), &err));
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	assert_string_equal(err.message, "The database refuses misfit: the server's words.");
	fake_accept_misfit(fixture->server, 1);
	check_until_fit(fixture->db);
	assert_int_equal(fake_connections(fixture->server), 1);
}

static void query_finds_schema_mismatch(void **state)
{
	static const char *const states[] = {"42P01", "42703", "42883"};
	struct fixture *fixture = *state;
	struct error err;

	open_db(fixture);
	ask_patiently(fixture->db);
	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		assert_true(db_schema_fits(fixture->db));
		fake_fail(fixture->server, states[i], 1);
		assert_int_equal(ask(fixture->db, PATIENCE, &err), 0);
		assert_int_equal(err.kind, ERROR_UNAVAILABLE);
		assert_false(db_schema_fits(fixture->db));
		check_until_fit(fixture->db);
	}
	fake_fail(fixture->server, "42501", 1);
	assert_int_equal(ask(fixture->db, PATIENCE, &err), 0);
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	assert_true(db_schema_fits(fixture->db));
}

static void prepares_each_query_once(void **state)
{
	struct fixture *fixture = *state;
	struct error err;

	open_db(fixture);
	for (int i = 0; i < 10; i++)
		ask_patiently(fixture->db);
	assert_int_equal(atomic_load(&fixture->server->prepared_ever), 1);
	/* A failed query stays prepared. */
	fake_fail(fixture->server, "22P02", 1);
	assert_int_equal(ask(fixture->db, PATIENCE, &err), 0);
	ask_patiently(fixture->db);
	assert_int_equal(atomic_load(&fixture->server->prepared_ever), 1);
}

enum { ODD = 3 * STATEMENT_CACHE_SIZE };

/* Runs ODD queries of different texts, each once, and `query` after every tenth. */
static void ask_odd_queries(struct fixture *fixture)
{
	for (int i = 0; i < ODD; i++) {
		char text[32];
		const struct query odd = {"odd", text, 0, false};
		struct rows rows;
		struct error err;

		snprintf(text, sizeof text, "SELECT %d", 1000 + i);
		assert_true(
			db_rows(fixture->db, &odd, NULL, deadline_after(PATIENCE), &rows, &err));
		rows_free(&rows);
		if (i % 10 == 0)
			ask_patiently(fixture->db);
	}
}

static void evicts_least_recently_used_statement(void **state)
{
	struct fixture *fixture = *state;

	open_db(fixture);
	ask_odd_queries(fixture);
	assert_int_equal(atomic_load(&fixture->server->prepared_ever), ODD + 1);
	assert_int_equal(atomic_load(&fixture->server->statements_most), STATEMENT_CACHE_SIZE);
	assert_int_equal(fake_connections(fixture->server), 1);
}

static void prepares_nothing_for_pooler(void **state)
{
	struct fixture *fixture = *state;
	const struct db_settings settings = {.url = fake_url(fixture->server),
					     .pool = 1,
					     .pool_wait = PATIENCE,
					     .query_timeout = PATIENCE,
					     .bulk_timeout = PATIENCE,
					     .unprepared = true,
					     .queries = usual};
	struct error err;

	assert_true(db_open(&settings, &fixture->db, &err));
	for (int i = 0; i < 5; i++)
		ask_patiently(fixture->db);
	assert_int_equal(atomic_load(&fixture->server->prepared_ever), 0);
}

/* Queries while the server is silent; for a thread. */
static void *ask_aside(void *context)
{
	struct error err;

	return (void *)(intptr_t)ask(context, PATIENCE, &err);
}

static void interrupt_ends_every_wait(void **state)
{
	struct fixture *fixture = *state;
	struct deadline end = deadline_after(PATIENCE / 2);
	struct error err;
	pthread_t asker;
	void *number;

	open_db(fixture);
	ask_patiently(fixture->db);
	fake_behave(fixture->server, FAKE_SILENT, 1);
	assert_int_equal(pthread_create(&asker, NULL, ask_aside, fixture->db), 0);
	while (atomic_load(&fixture->server->mode) == FAKE_SILENT)
		assert_false(deadline_passed(end));
	db_interrupt(fixture->db);
	pthread_join(asker, &number);
	assert_null(number);
	assert_int_equal(ask(fixture->db, PATIENCE, &err), 0);
	assert_string_equal(err.message, "The service is stopping.");
	db_close(&fixture->db);
	assert_false(deadline_passed(end));
}

static void refuses_a_url_without_repeating_it(void **state)
{
	static const char *const urls[] = {"postgresql://u:secret@host:x%zz/d", "secret",
					   "host=x secret=1"};
	struct fixture *fixture = *state;
	struct error err;

	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		const struct db_settings settings = {.url = urls[i], .pool = 1, .queries = usual};

		assert_false(db_open(&settings, &fixture->db, &err));
		assert_int_equal(err.kind, ERROR_BAD_REQUEST);
		assert_null(strstr(err.message, "secret"));
		assert_null(fixture->db);
	}
}

enum { THREADS = 24, QUERIES = 40 };

/* Asks until there were QUERIES answers; gives how often there was none. */
static void *ask_often(void *context)
{
	const struct timespec pause = {.tv_nsec = 5000000};
	struct deadline end = deadline_after(PATIENCE);
	struct error err;
	intptr_t missed = 0;

	for (int answers = 0; answers < QUERIES && !deadline_passed(end);) {
		struct rows rows;

		if (db_rows(context, &query, NULL, deadline_after(PATIENCE), &rows, &err)) {
			answers++;
			rows_free(&rows);
		} else {
			missed++;
			nanosleep(&pause, NULL);
		}
	}
	return (void *)(deadline_passed(end) ? -1 : missed);
}

/* Gives the missed of all; every thread must have got its answers. */
static intptr_t ask_from_many_threads(struct db *db)
{
	pthread_t threads[THREADS];
	intptr_t total = 0;

	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, ask_often, db), 0);
	for (size_t i = 0; i < THREADS; i++) {
		void *missed;

		pthread_join(threads[i], &missed);
		assert_true((intptr_t)missed >= 0);
		total += (intptr_t)missed;
	}
	return total;
}

static void lends_to_many_threads(void **state)
{
	struct fixture *fixture = *state;

	open_db(fixture);
	ask_patiently(fixture->db);
	assert_int_equal(ask_from_many_threads(fixture->db), 0);
	assert_in_range(fake_most_connections(fixture->server), 1, POOL);
}

static void *hang_up_often(void *context)
{
	const struct timespec pause = {.tv_nsec = 20000000};

	for (int i = 0; i < 10; i++) {
		fake_hang_up(context);
		nanosleep(&pause, NULL);
	}
	return NULL;
}

static void survives_while_connections_break(void **state)
{
	struct fixture *fixture = *state;
	pthread_t breaker;

	open_db(fixture);
	ask_patiently(fixture->db);
	assert_int_equal(pthread_create(&breaker, NULL, hang_up_often, fixture->server), 0);
	assert_true(ask_from_many_threads(fixture->db) >= 0);
	pthread_join(breaker, NULL);
	assert_true(ask_patiently(fixture->db) > 1);
}

#define DB_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(answers),
		DB_TEST(answers_in_bulk),
		DB_TEST(waits_longer_in_bulk),
		DB_TEST(asks_again_after_a_lost_connection),
		DB_TEST(asks_no_third_time),
		DB_TEST(asks_again_when_its_statements_are_stale),
		DB_TEST(replaces_connections_that_died_idle),
		DB_TEST(names_kinds_of_failure),
		DB_TEST(gives_up_a_silent_server),
		DB_TEST(does_not_believe_a_short_deadline),
		DB_TEST(fails_at_once_when_nothing_listens),
		DB_TEST(a_full_server_is_not_down),
		DB_TEST(waits_no_longer_than_it_may),
		DB_TEST(first_connection_checks_all_queries),
		DB_TEST(query_finds_schema_mismatch),
		DB_TEST(prepares_each_query_once),
		DB_TEST(evicts_least_recently_used_statement),
		DB_TEST(prepares_nothing_for_pooler),
		DB_TEST(interrupt_ends_every_wait),
		DB_TEST(refuses_a_url_without_repeating_it),
		DB_TEST(lends_to_many_threads),
		DB_TEST(survives_while_connections_break),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
