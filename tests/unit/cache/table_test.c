/*
 * The table under thousands of random operations: its counters equal what its lists hold.
 */
#include "cache/table.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/banned.h"

enum { ROUNDS = 20000, KEYS = 60, HELD = 8, BODY_MAXIMUM = 6000 };

/* The same sequence in every run, so that a failure can be reproduced. */
static unsigned draw(unsigned below)
{
	static uint32_t state = 1;

	state = state * 1664525u + 1013904223u;
	return (state >> 8) % below;
}

static struct entry *make_entry(const char *key)
{
	const struct entry_validity validity = {.revision = 1 + draw(3), .day = ENTRY_ANY_DAY};
	struct entry *entry = entry_make(key, &validity, draw(200));

	assert_non_null(entry);
	for (size_t body = 0; body < 1 + draw(ENTRY_BODIES); body++)
		entry_add(entry, body, calloc(1, 1 + draw(BODY_MAXIMUM)));
	/* A key is always of the same kind. */
	entry->rare = key[1] & 1;
	return entry;
}

static size_t allocated(void *block)
{
	return block ? malloc_usable_size(block) + sizeof(size_t) : 0;
}

/* Returns the number of entries in a list, which must be linked in both directions. */
static size_t check_list(const struct table *table, bool rare)
{
	const struct lru_list *list = &table->lists[rare];
	const struct entry *newer = NULL;
	size_t entries = 0, bytes = 0;

	for (struct entry *each = list->newest; each; each = each->older) {
		size_t size = allocated(each);

		for (size_t body = 0; body < ENTRY_BODIES; body++)
			size += allocated(each->bodies[body]);
		assert_int_equal(each->size, size);
		assert_int_equal(each->rare, rare);
		assert_ptr_equal(each->newer, newer);
		bytes += size;
		entries++;
		newer = each;
	}
	assert_ptr_equal(list->oldest, newer);
	assert_int_equal(list->bytes, bytes);
	assert_true(bytes <= table->maximum);
	return entries;
}

static void check_table(const struct table *table)
{
	size_t listed = check_list(table, false) + check_list(table, true), hashed = 0;

	for (size_t i = 0; i < table->bucket_count; i++)
		for (const struct entry *each = table->buckets[i]; each; each = each->next)
			hashed++;
	assert_int_equal(listed, table->entries);
	assert_int_equal(hashed, table->entries);
}

static void operate(struct table *table, struct entry *held[HELD])
{
	struct entry **place = &held[draw(HELD)], *entry;
	unsigned what = draw(1000);
	char key[8];

	snprintf(key, sizeof key, "/%c%u", 'a' + draw(2), draw(KEYS));
	if (what < 450) {
		entry = make_entry(key);
		table_store(table, entry);
		entry_release(&entry);
	} else if (what < 850) {
		entry_release(place);
		*place = table_find(table, key);
		if (*place)
			assert_string_equal((*place)->key, key);
	} else if (what < 998) {
		entry_release(place);
	} else {
		table_clear(table);
	}
}

static void counts_what_it_holds(void **state)
{
	/* The last sizes are smaller than most entries, or than all. */
	static const size_t sizes[] = {256 << 10, 64 << 10, 16 << 10, 1000, 1};

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct entry *held[HELD] = {NULL};
		struct table table;

		assert_true(table_open(&table, sizes[i]));
		for (int round = 0; round < ROUNDS; round++) {
			operate(&table, held);
			check_table(&table);
		}
		for (int place = 0; place < HELD; place++)
			entry_release(&held[place]);
		table_close(&table);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_what_it_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
