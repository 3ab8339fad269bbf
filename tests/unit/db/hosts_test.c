/* Connection strings with several hosts, and connections that are replaced. */
#include "db/db.h"

#include "db/connect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/fake_server.h"

#include "base/banned.h"

enum { QUERY_TIMEOUT = 2000, PATIENCE = 30000 };

static const struct query query = {"query", "SELECT 1", 0};
static const struct query *const usual[] = {&query, NULL};

struct fixture {
	struct fake_server *first, *second;
	char url[128]; /* of both, in this order */
	struct db *db;
};

static int set_up(void **state)
{
	static struct fixture fixture;

	fixture = (struct fixture){.first = fake_open(), .second = fake_open()};
	*state = &fixture;
	if (!fixture.first || !fixture.second)
		return -1;
	snprintf(fixture.url, sizeof fixture.url,
		 "host=127.0.0.1,127.0.0.1 port=%d,%d user=u sslmode=disable gssencmode=disable",
		 fixture.first->port, fixture.second->port);
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	db_close(&fixture->db);
	fake_close(&fixture->first);
	fake_close(&fixture->second);
	return 0;
}

static void open_db(struct fixture *fixture, bool standby, long age)
{
	const struct db_settings settings = {.url = fixture->url,
					     .standby = standby,
					     .pool = 1,
					     .pool_wait = PATIENCE,
					     .query_timeout = QUERY_TIMEOUT,
					     .age = age,
					     .queries = usual};
	struct error err;

	assert_true(db_open(&settings, &fixture->db, &err));
}

/* Queries until one succeeds. */
static void query_patiently(struct fixture *fixture)
{
	struct deadline end = deadline_after(PATIENCE);
	struct rows rows = {0};
	struct error err;

	while (!db_rows(fixture->db, &query, NULL, deadline_after(PATIENCE), &rows, &err))
		assert_false(deadline_passed(end));
	rows_free(&rows);
}

static void pause_briefly(void)
{
	const struct timespec pause = {.tv_nsec = 5000000};

	nanosleep(&pause, NULL);
}

static void accepts_lists_that_match(void **state)
{
	static const struct {
		const char *url;
		bool valid;
	} cases[] = {
		{"dbname=d", true},
		{"host=a", true},
		{"host=a,b", true},
		{"host=a,b port=5433", true},
		{"host=a,b port=1,2", true},
		{"postgresql://u@a:1,b:2/d", true},
		{"postgresql://u@a,b/d", true},
		{"host=/one,/two", true},
		{"hostaddr=127.0.0.1,127.0.0.2", true},
		{"host=a,b,c port=1,2", false},
		{"host=a,b hostaddr=127.0.0.1", false},
		{"nonsense", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct error err = {.kind = ERROR_INTERNAL};

		assert_int_equal(connect_url_valid(cases[i].url, &err), cases[i].valid);
		if (!cases[i].valid)
			assert_int_equal(err.kind, ERROR_BAD_REQUEST);
	}
}

static void unresponsive_host_leaves_time_for_next(void **state)
{
	struct fixture *fixture = *state;
	struct deadline limit = deadline_after(QUERY_TIMEOUT);
	struct db_statistics statistics;

	fake_behave(fixture->first, FAKE_SILENT, 0);
	open_db(fixture, false, 0);
	query_patiently(fixture);
	assert_int_equal(fake_connections(fixture->first), 0);
	db_statistics(fixture->db, &statistics);
	assert_true(statistics.connects >= 1);
	/* On a machine that is too slow for its share of the time, the first try may fail. */
	if (!deadline_passed(limit))
		assert_int_equal(statistics.connects_failed, 0);
}

static void full_host_is_skipped(void **state)
{
	struct fixture *fixture = *state;

	fake_behave(fixture->first, FAKE_FULL, 0);
	open_db(fixture, false, 0);
	query_patiently(fixture);
	assert_int_equal(fake_connections(fixture->second), 1);
}

static void prefers_standby(void **state)
{
	struct fixture *fixture = *state;

	fake_be_standby(fixture->second, 1);
	open_db(fixture, true, 0);
	for (int i = 0; i < 20; i++)
		query_patiently(fixture);
	fake_hang_up(fixture->second);
	query_patiently(fixture);
	assert_int_equal(fake_connections(fixture->second), 2);
}

static void uses_primary_without_standby(void **state)
{
	struct fixture *fixture = *state;

	fake_be_standby(fixture->second, 1);
	fake_behave(fixture->second, FAKE_SILENT, 0);
	open_db(fixture, true, 0);
	query_patiently(fixture);
	assert_true(fake_connections(fixture->first) >= 1);
}

static void replaces_old_connections(void **state)
{
	struct fixture *fixture = *state;
	struct db_statistics statistics = {0};
	struct deadline end = deadline_after(PATIENCE);

	open_db(fixture, false, 1);
	/* The server counts a connection before it is set up, the pool after. */
	while (statistics.connects < 3) {
		query_patiently(fixture);
		pause_briefly();
		db_statistics(fixture->db, &statistics);
		assert_false(deadline_passed(end));
	}
	assert_int_equal(fake_connections(fixture->second), 0);
	assert_in_range(fake_most_connections(fixture->first), 1, 2);
}

static void keeps_old_connection_without_replacement(void **state)
{
	struct fixture *fixture = *state;
	struct deadline end = deadline_after(PATIENCE);
	struct db_statistics statistics = {0};

	open_db(fixture, false, 1);
	query_patiently(fixture);
	fake_behave(fixture->first, FAKE_FULL, 0);
	fake_behave(fixture->second, FAKE_FULL, 0);
	while (statistics.connects_failed == 0) {
		query_patiently(fixture);
		db_statistics(fixture->db, &statistics);
		assert_false(deadline_passed(end));
	}
	assert_int_equal(statistics.open, 1);
	assert_false(statistics.down);
}

#define HOSTS_TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_lists_that_match),
		HOSTS_TEST(unresponsive_host_leaves_time_for_next),
		HOSTS_TEST(full_host_is_skipped),
		HOSTS_TEST(prefers_standby),
		HOSTS_TEST(uses_primary_without_standby),
		HOSTS_TEST(replaces_old_connections),
		HOSTS_TEST(keeps_old_connection_without_replacement),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
