#include "db/transaction.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/pool_fixture.h"

#include "base/banned.h"

enum { TIMEOUT = 300, PATIENCE = 30000 };

static const struct query insert = {"insert", "INSERT INTO t VALUES (1)", 0};
static const struct query *const usual[] = {&insert, NULL};

static void open_db(struct pool_fixture *fixture, long query_timeout)
{
	const struct db_settings settings = {.url = fake_url(fixture->server),
					     .pool = 1,
					     .pool_wait = PATIENCE,
					     .query_timeout = query_timeout,
					     .writable = true,
					     .queries = usual};
	struct error err;

	assert_true(db_open(&settings, &fixture->db, &err));
}

static void begin_transaction(struct pool_fixture *fixture, struct transaction *transaction)
{
	struct error err;

	assert_true(transaction_begin(fixture->db, deadline_after(PATIENCE), transaction, &err));
}

static bool run_insert(struct transaction *transaction, struct error *err)
{
	CLEANUP(rows_free) struct rows rows = {0};

	return transaction_query(transaction, &insert, NULL, &rows, err);
}

static void expect_ends(const struct pool_fixture *fixture, int commits, int rollbacks)
{
	assert_int_equal(atomic_load(&fixture->server->commits), commits);
	assert_int_equal(atomic_load(&fixture->server->rollbacks), rollbacks);
}

static void commits_and_reuses_connection(void **state)
{
	struct pool_fixture *fixture = *state;
	struct error err;

	open_db(fixture, PATIENCE);
	for (int i = 1; i <= 3; i++) {
		CLEANUP(transaction_end) struct transaction transaction = {0};

		begin_transaction(fixture, &transaction);
		assert_true(run_insert(&transaction, &err));
		assert_true(run_insert(&transaction, &err));
		assert_true(transaction_commit(&transaction, &err));
		expect_ends(fixture, i, 0);
	}
	expect_ends(fixture, 3, 0);
	assert_int_equal(fake_connections(fixture->server), 1);
}

static void rolls_back_without_commit(void **state)
{
	struct pool_fixture *fixture = *state;
	struct error err;

	open_db(fixture, PATIENCE);
	for (int i = 1; i <= 2; i++) {
		struct transaction transaction;

		begin_transaction(fixture, &transaction);
		assert_true(run_insert(&transaction, &err));
		transaction_end(&transaction);
		transaction_end(&transaction);
		expect_ends(fixture, 0, i);
	}
	assert_int_equal(fake_connections(fixture->server), 1);
}

static void refuses_commit_after_failed_query(void **state)
{
	struct pool_fixture *fixture = *state;
	CLEANUP(transaction_end) struct transaction transaction = {0};
	struct error err;

	open_db(fixture, PATIENCE);
	begin_transaction(fixture, &transaction);
	fake_fail(fixture->server, "23505", 1);
	assert_false(run_insert(&transaction, &err));
	assert_int_equal(err.kind, ERROR_INTERNAL);
	assert_false(transaction_commit(&transaction, &err));
	assert_int_equal(err.kind, ERROR_INTERNAL);
	expect_ends(fixture, 0, 1);
	assert_false(run_insert(&transaction, &err));
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
}

static void sends_nothing_twice(void **state)
{
	struct pool_fixture *fixture = *state;
	struct transaction transaction;
	struct error err;

	open_db(fixture, PATIENCE);
	begin_transaction(fixture, &transaction);
	fake_behave(fixture->server, FAKE_HANG_UP, 1);
	assert_false(run_insert(&transaction, &err));
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	assert_false(transaction_commit(&transaction, &err));
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	transaction_end(&transaction);
	expect_ends(fixture, 0, 0);
	/* The lost connection is not used again. */
	begin_transaction(fixture, &transaction);
	fake_fail(fixture->server, "0A000", 1);
	assert_false(run_insert(&transaction, &err));
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	transaction_end(&transaction);
	begin_transaction(fixture, &transaction);
	assert_true(transaction_commit(&transaction, &err));
	assert_int_equal(fake_connections(fixture->server), 3);
}

/* Begins when the pool has a connection again; on a slow machine BEGIN itself may expire. */
static void begin_by(struct pool_fixture *fixture, struct deadline end,
		     struct transaction *transaction)
{
	struct error err;

	while (!transaction_begin(fixture->db, end, transaction, &err))
		assert_false(deadline_passed(end));
}

static void ends_by_its_deadline(void **state)
{
	struct pool_fixture *fixture = *state;
	struct deadline end = deadline_after(PATIENCE / 2);
	struct transaction transaction;
	struct error err;

	open_db(fixture, TIMEOUT);
	begin_by(fixture, end, &transaction);
	fake_behave(fixture->server, FAKE_SILENT, 0);
	assert_false(run_insert(&transaction, &err));
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	transaction_end(&transaction);
	assert_false(deadline_passed(end));
	fake_behave(fixture->server, FAKE_RESPOND, 0);
	begin_by(fixture, end, &transaction);
	fake_behave(fixture->server, FAKE_SILENT, 0);
	assert_false(transaction_commit(&transaction, &err));
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	transaction_end(&transaction);
	assert_false(deadline_passed(end));
}

#define TRANSACTION_TEST(test)                                                                     \
	cmocka_unit_test_setup_teardown(test, pool_fixture_open, pool_fixture_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TRANSACTION_TEST(commits_and_reuses_connection),
		TRANSACTION_TEST(rolls_back_without_commit),
		TRANSACTION_TEST(refuses_commit_after_failed_query),
		TRANSACTION_TEST(sends_nothing_twice),
		TRANSACTION_TEST(ends_by_its_deadline),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
