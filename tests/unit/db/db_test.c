#include "db/db.h"

#include "base/number.h"
#include "db/statement_cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/pool_fixture.h"

#include "base/banned.h"

/* PATIENCE is for what must happen, however slow the machine; a wait that must not happen shows by
 * a time well below it. The other times expire on purpose, so they are short. */
enum { POOL_WAIT = 300, QUERY_TIMEOUT = 500, BULK_TIMEOUT = 2 * QUERY_TIMEOUT };

enum { PATIENCE = 30000, POOL = 3 };

static const struct query query = {"query", "SELECT 1", 0};
static const struct query misfit = {"misfit", "SELECT missing", 0};
static const struct query *const usual[] = {&query, NULL};
static const struct query *const misfits[] = {&query, &misfit, NULL};

static void open_with(struct pool_fixture *fixture, long pool_wait, long query_timeout,
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
static void open_db(struct pool_fixture *fixture)
{
	open_with(fixture, PATIENCE, PATIENCE, usual);
}

/* Runs a query; returns the number of the connection that responded, 0 for a failure. */
static int query_once(struct db *db, long milliseconds, struct error *err)
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

/* Queries until one succeeds: after a fault, the pool needs a moment. */
static int query_patiently(struct db *db)
{
	struct deadline end = deadline_after(PATIENCE);
	struct error err;
	int number;

	while (!(number = query_once(db, PATIENCE, &err)))
		assert_false(deadline_passed(end));
	return number;
}

static bool is_down(struct db *db)
{
	struct db_statistics statistics;

	db_statistics(db, &statistics);
	return statistics.down;
}

/* Queries until the database is down, then once more; *err is that failure, which comes at once. */
static void wait_for_down(struct db *db, struct error *err)
{
	struct deadline end = deadline_after(PATIENCE);

	while (!is_down(db)) {
		query_once(db, PATIENCE, err);
		assert_false(deadline_passed(end));
	}
	assert_int_equal(query_once(db, PATIENCE, err), 0);
	assert_false(deadline_passed(end));
}

static void runs_queries(void **state)
{
	struct pool_fixture *fixture = *state;
	struct error err = {.message = "untouched"};

	open_db(fixture);
	assert_int_equal(query_patiently(fixture->db), 1);
	for (int i = 0; i < 50; i++)
		assert_int_equal(query_once(fixture->db, PATIENCE, &err), 1);
	assert_string_equal(err.message, "untouched");
	assert_int_equal(fake_connections(fixture->server), 1);
	assert_true(db_schema_fits(fixture->db));
}

static int query_bulk(struct db *db, struct error *err)
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

static void runs_bulk_queries(void **state)
{
	struct pool_fixture *fixture = *state;
	struct error err;

	open_db(fixture);
	query_patiently(fixture->db);
	for (int i = 0; i < 20; i++) {
		assert_int_equal(query_bulk(fixture->db, &err), 1);
		assert_int_equal(query_once(fixture->db, PATIENCE, &err), 1);
	}
	/* The limit is refused: the connection is as good as before. */
	fake_fail(fixture->server, "57014", 1);
	assert_int_equal(query_bulk(fixture->db, &err), 0);
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	assert_non_null(strstr(err.message, "57014"));
	assert_int_equal(query_bulk(fixture->db, &err), 1);
	fake_behave(fixture->server, FAKE_HANG_UP, 1);
	assert_int_equal(query_bulk(fixture->db, &err), 2);
	/* "prepared statement does not exist" */
	fake_fail(fixture->server, "26000", 1);
	assert_int_equal(query_bulk(fixture->db, &err), 3);
}

static void waits_longer_in_bulk(void **state)
{
	struct pool_fixture *fixture = *state;
	struct deadline limit;
	struct error err;

	open_with(fixture, PATIENCE, QUERY_TIMEOUT, usual);
	query_patiently(fixture->db);
	fake_behave(fixture->server, FAKE_SILENT, 1);
	limit = deadline_after(BULK_TIMEOUT);
	assert_int_equal(query_bulk(fixture->db, &err), 0);
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	assert_true(deadline_passed(limit));
	assert_int_equal(query_patiently(fixture->db), 2);
}

static void retries_after_lost_connection(void **state)
{
	struct pool_fixture *fixture = *state;
	struct error err;

	open_db(fixture);
	query_patiently(fixture->db);
	fake_behave(fixture->server, FAKE_HANG_UP, 1);
	assert_int_equal(query_once(fixture->db, PATIENCE, &err), 2);
	fake_fail(fixture->server, "57P01", 1);
	assert_int_equal(query_once(fixture->db, PATIENCE, &err), 3);
}

static void retries_only_once(void **state)
{
	struct pool_fixture *fixture = *state;
	struct error err;

	open_db(fixture);
	query_patiently(fixture->db);
	fake_behave(fixture->server, FAKE_HANG_UP, 0);
	assert_int_equal(query_once(fixture->db, PATIENCE, &err), 0);
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	fake_behave(fixture->server, FAKE_RESPOND, 0);
	assert_int_equal(query_patiently(fixture->db), 3);
}

static void retries_when_prepared_query_is_stale(void **state)
{
	static const char *const states[] = {"0A000", "26000"};
	struct pool_fixture *fixture = *state;
	struct error err;

	open_db(fixture);
	query_patiently(fixture->db);
	for (int i = 0; i < 2; i++) {
		fake_fail(fixture->server, states[i], 1);
		assert_int_equal(query_once(fixture->db, PATIENCE, &err), 2 + i);
	}
	fake_fail(fixture->server, "0A000", 0);
	assert_int_equal(query_once(fixture->db, PATIENCE, &err), 0);
	assert_int_equal(err.kind, ERROR_INTERNAL);
}

/* The server closes idle connections, for example when it is restarted. */
static void replaces_connections_closed_while_idle(void **state)
{
	struct pool_fixture *fixture = *state;
	struct error err;

	open_db(fixture);
	query_patiently(fixture->db);
	for (int i = 0; i < 5; i++) {
		fake_hang_up(fixture->server);
		assert_int_equal(query_once(fixture->db, PATIENCE, &err), 2 + i);
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

static void maps_sqlstate_to_error_kind(void **state)
{
	struct pool_fixture *fixture = *state;
	struct error err;

	open_db(fixture);
	query_patiently(fixture->db);
	for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
		fake_fail(fixture->server, failures[i].state, 1);
		assert_int_equal(query_once(fixture->db, PATIENCE, &err), 0);
		assert_int_equal(err.kind, failures[i].kind);
		/* A client may see the text of a 4xx; the log needs the server's. */
		assert_int_equal(strstr(err.message, "the server's words") != NULL,
				 failures[i].kind != ERROR_BAD_REQUEST);
	}
	assert_int_equal(query_once(fixture->db, PATIENCE, &err), 1);
}

static void unresponsive_server_means_down(void **state)
{
	struct pool_fixture *fixture = *state;
	struct error err;

	open_with(fixture, PATIENCE, QUERY_TIMEOUT, usual);
	query_patiently(fixture->db);
	fake_behave(fixture->server, FAKE_SILENT, 0);
	assert_int_equal(query_once(fixture->db, PATIENCE, &err), 0);
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	wait_for_down(fixture->db, &err);
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	assert_true(db_schema_fits(fixture->db));
	fake_behave(fixture->server, FAKE_RESPOND, 0);
	query_patiently(fixture->db);
}

/* The server may respond to all others: down needs two deadlines in a row, and long enough ones. */
static void short_deadline_does_not_mean_down(void **state)
{
	struct pool_fixture *fixture = *state;
	struct error err;

	open_with(fixture, PATIENCE, QUERY_TIMEOUT, usual);
	for (int i = 0; i < 4; i++) {
		query_patiently(fixture->db);
		fake_behave(fixture->server, FAKE_SILENT, 1);
		assert_int_equal(query_once(fixture->db, 20, &err), 0);
		assert_int_equal(err.kind, ERROR_UNAVAILABLE);
		assert_false(is_down(fixture->db));
		fake_behave(fixture->server, FAKE_RESPOND, 0);
	}
	for (int i = 0; i < 3; i++) {
		query_patiently(fixture->db);
		fake_behave(fixture->server, FAKE_SILENT, 1);
		assert_int_equal(query_once(fixture->db, PATIENCE, &err), 0);
		assert_false(is_down(fixture->db));
		fake_behave(fixture->server, FAKE_RESPOND, 0);
	}
}

static void refused_connect_means_down(void **state)
{
	struct pool_fixture *fixture = *state;
	struct fake_server *gone = fixture->server;
	struct error err;

	open_db(fixture);
	fixture->server = fake_open();
	fake_close(&gone);
	wait_for_down(fixture->db, &err);
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
}

static void full_server_is_not_down(void **state)
{
	struct pool_fixture *fixture = *state;
	struct error err;

	open_db(fixture);
	query_patiently(fixture->db);
	fake_behave(fixture->server, FAKE_FULL, 0);
	for (int i = 0; i < 20; i++)
		assert_int_equal(query_once(fixture->db, PATIENCE, &err), 1);
	fake_hang_up(fixture->server);
	wait_for_down(fixture->db, &err);
	assert_non_null(strstr(err.message, "the server's words"));
}

static void waits_until_deadline_only(void **state)
{
	struct pool_fixture *fixture = *state;
	struct deadline end = deadline_after(PATIENCE / 2);
	struct error err;

	fake_behave(fixture->server, FAKE_SILENT, 0);
	open_with(fixture, POOL_WAIT, QUERY_TIMEOUT, usual);
	assert_int_equal(query_once(fixture->db, PATIENCE, &err), 0);
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	assert_int_equal(query_once(fixture->db, 0, &err), 0);
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
	struct pool_fixture *fixture = *state;
	struct error err;

	open_with(fixture, PATIENCE, PATIENCE, misfits);
	query_patiently(fixture->db);
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
	struct pool_fixture *fixture = *state;
	struct error err;

	open_db(fixture);
	query_patiently(fixture->db);
	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		assert_true(db_schema_fits(fixture->db));
		fake_fail(fixture->server, states[i], 1);
		assert_int_equal(query_once(fixture->db, PATIENCE, &err), 0);
		assert_int_equal(err.kind, ERROR_UNAVAILABLE);
		assert_false(db_schema_fits(fixture->db));
		check_until_fit(fixture->db);
	}
	fake_fail(fixture->server, "42501", 1);
	assert_int_equal(query_once(fixture->db, PATIENCE, &err), 0);
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	assert_true(db_schema_fits(fixture->db));
}

static void prepares_each_query_once(void **state)
{
	struct pool_fixture *fixture = *state;
	struct error err;

	open_db(fixture);
	for (int i = 0; i < 10; i++)
		query_patiently(fixture->db);
	assert_int_equal(atomic_load(&fixture->server->prepared_ever), 1);
	/* A failed query stays prepared. */
	fake_fail(fixture->server, "22P02", 1);
	assert_int_equal(query_once(fixture->db, PATIENCE, &err), 0);
	query_patiently(fixture->db);
	assert_int_equal(atomic_load(&fixture->server->prepared_ever), 1);
}

enum { ODD = 3 * STATEMENT_CACHE_SIZE };

/* Runs ODD queries of different texts, each once, and `query` after every tenth. */
static void run_odd_queries(struct pool_fixture *fixture)
{
	for (int i = 0; i < ODD; i++) {
		char text[32];
		const struct query odd = {"odd", text, 0};
		struct rows rows;
		struct error err;

		snprintf(text, sizeof text, "SELECT %d", 1000 + i);
		assert_true(
			db_rows(fixture->db, &odd, NULL, deadline_after(PATIENCE), &rows, &err));
		rows_free(&rows);
		if (i % 10 == 0)
			query_patiently(fixture->db);
	}
}

static void evicts_least_recently_used_statement(void **state)
{
	struct pool_fixture *fixture = *state;

	open_db(fixture);
	run_odd_queries(fixture);
	assert_int_equal(atomic_load(&fixture->server->prepared_ever), ODD + 1);
	assert_int_equal(atomic_load(&fixture->server->statements_most), STATEMENT_CACHE_SIZE);
	assert_int_equal(fake_connections(fixture->server), 1);
}

static void prepares_nothing_for_pooler(void **state)
{
	struct pool_fixture *fixture = *state;
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
		query_patiently(fixture->db);
	assert_int_equal(atomic_load(&fixture->server->prepared_ever), 0);
}

/* For a thread; returns what query_once does. */
static void *query_aside(void *context)
{
	struct error err;

	return (void *)(intptr_t)query_once(context, PATIENCE, &err);
}

static void interrupt_ends_every_wait(void **state)
{
	struct pool_fixture *fixture = *state;
	struct deadline end = deadline_after(PATIENCE / 2);
	struct error err;
	pthread_t querier;
	void *number;

	open_db(fixture);
	query_patiently(fixture->db);
	fake_behave(fixture->server, FAKE_SILENT, 1);
	assert_int_equal(pthread_create(&querier, NULL, query_aside, fixture->db), 0);
	while (atomic_load(&fixture->server->mode) == FAKE_SILENT)
		assert_false(deadline_passed(end));
	db_interrupt(fixture->db);
	pthread_join(querier, &number);
	assert_null(number);
	assert_int_equal(query_once(fixture->db, PATIENCE, &err), 0);
	assert_string_equal(err.message, "The service is stopping.");
	db_close(&fixture->db);
	assert_false(deadline_passed(end));
}

static void refuses_invalid_url_without_quoting_it(void **state)
{
	static const char *const urls[] = {"postgresql://u:secret@host:x%zz/d", "secret",
					   "host=x secret=1"};
	struct pool_fixture *fixture = *state;
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

/* Queries until QUERIES have succeeded; returns how many failed, -1 at the deadline. */
static void *query_often(void *context)
{
	const struct timespec pause = {.tv_nsec = 5000000};
	struct deadline end = deadline_after(PATIENCE);
	struct error err;
	intptr_t failed = 0;

	for (int successes = 0; successes < QUERIES && !deadline_passed(end);) {
		struct rows rows;

		if (db_rows(context, &query, NULL, deadline_after(PATIENCE), &rows, &err)) {
			successes++;
			rows_free(&rows);
		} else {
			failed++;
			nanosleep(&pause, NULL);
		}
	}
	return (void *)(deadline_passed(end) ? -1 : failed);
}

/* Returns how many queries of all threads failed; every thread must have succeeded QUERIES times.
 */
static intptr_t query_from_many_threads(struct db *db)
{
	pthread_t threads[THREADS];
	intptr_t total = 0;

	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, query_often, db), 0);
	for (size_t i = 0; i < THREADS; i++) {
		void *failed;

		pthread_join(threads[i], &failed);
		assert_true((intptr_t)failed >= 0);
		total += (intptr_t)failed;
	}
	return total;
}

static void serves_many_threads(void **state)
{
	struct pool_fixture *fixture = *state;

	open_db(fixture);
	query_patiently(fixture->db);
	assert_int_equal(query_from_many_threads(fixture->db), 0);
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

static void survives_broken_connections(void **state)
{
	struct pool_fixture *fixture = *state;
	pthread_t breaker;

	open_db(fixture);
	query_patiently(fixture->db);
	assert_int_equal(pthread_create(&breaker, NULL, hang_up_often, fixture->server), 0);
	assert_true(query_from_many_threads(fixture->db) >= 0);
	pthread_join(breaker, NULL);
	assert_true(query_patiently(fixture->db) > 1);
}

#define DB_TEST(test) cmocka_unit_test_setup_teardown(test, pool_fixture_open, pool_fixture_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(runs_queries),
		DB_TEST(runs_bulk_queries),
		DB_TEST(waits_longer_in_bulk),
		DB_TEST(retries_after_lost_connection),
		DB_TEST(retries_only_once),
		DB_TEST(retries_when_prepared_query_is_stale),
		DB_TEST(replaces_connections_closed_while_idle),
		DB_TEST(maps_sqlstate_to_error_kind),
		DB_TEST(unresponsive_server_means_down),
		DB_TEST(short_deadline_does_not_mean_down),
		DB_TEST(refused_connect_means_down),
		DB_TEST(full_server_is_not_down),
		DB_TEST(waits_until_deadline_only),
		DB_TEST(first_connection_checks_all_queries),
		DB_TEST(query_finds_schema_mismatch),
		DB_TEST(prepares_each_query_once),
		DB_TEST(evicts_least_recently_used_statement),
		DB_TEST(prepares_nothing_for_pooler),
		DB_TEST(interrupt_ends_every_wait),
		DB_TEST(refuses_invalid_url_without_quoting_it),
		DB_TEST(serves_many_threads),
		DB_TEST(survives_broken_connections),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
