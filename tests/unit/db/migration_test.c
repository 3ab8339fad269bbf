#include "db/migration.h"

#include <libpq-fe.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

static const struct embedded first = {"0001_first", "", 0, "aa"};
static const struct embedded second = {"0002_second", "", 0, "bb"};
static const struct embedded *const list[] = {&first, &second, NULL};

/* Makes rows as the server returns them: pairs of name and checksum, in any order. */
static struct rows record(const char *const *pairs)
{
	PGresAttDesc columns[] = {{.name = (char[]){"name"}}, {.name = (char[]){"checksum"}}};
	PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
	size_t count = 0;

	assert_true(PQsetResultAttrs(result, 2, columns));
	for (; pairs[2 * count]; count++)
		for (int column = 0; column < 2; column++) {
			const char *text = pairs[2 * count + (size_t)column];

			assert_true(PQsetvalue(result, (int)count, column, (char *)(uintptr_t)text,
					       (int)strlen(text)));
		}
	return (struct rows){.count = count, .columns = 2, .result = result};
}

static const struct {
	const char *pairs[7];
	bool current;
} cases[] = {
	{{NULL}, false},
	{{"0001_first", "aa", NULL}, false},
	{{"0002_second", "bb", NULL}, false},
	{{"0001_first", "aa", "0002_second", "bb", NULL}, true},
	{{"0002_second", "bb", "0001_first", "aa", NULL}, true},
	{{"0001_first", "aa", "0002_second", "xx", NULL}, false},
	{{"0001_first", "aa", "0002_second", "b", NULL}, false},
	{{"0001_first", "aa", "0002_second", "bb", "0003_third", "cc", NULL}, true},
	{{"0001_first", "aa", "0003_third", "bb", NULL}, false},
};

static void detects_current_schema(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct rows rows = record(cases[i].pairs);

		assert_int_equal(migration_current(&rows, list), cases[i].current);
		rows_free(&rows);
		assert_null(rows.result);
	}
}

static void empty_list_is_current(void **state)
{
	const struct embedded *const none[] = {NULL};
	struct rows rows = record((const char *const[]){NULL});

	(void)state;
	assert_true(migration_current(&rows, none));
	rows_free(&rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(detects_current_schema),
		cmocka_unit_test(empty_list_is_current),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
