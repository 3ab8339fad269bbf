/*
 * The table under thousands of random operations: what it counts is what its lists hold.
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

enum {
	ROUNDS = 20000,
	KEYS = 60,
	HELD = 8,
	PART_MAXIMUM = 6000,
	SPARE = 0, /* can be made again from what stays */
	STAYS = 1
};

static const struct entry_origin origin = {.revision = 1, .day = ENTRY_ANY_DAY};

/* The same numbers in every run, so that a failure can be looked into. */
static unsigned draw(unsigned below)
{
	static uint32_t state = 1;

	state = state * 1664525u + 1013904223u;
	return (state >> 8) % below;
}

static void thin(struct entry *entry)
{
	entry_part(entry, SPARE, NULL);
}

static void add_part(struct entry *entry, size_t part)
{
	char *bytes = calloc(1, 1 + draw(PART_MAXIMUM));

	assert_non_null(bytes);
	entry_part(entry, part, bytes);
}

static struct entry *make(const char *key)
{
	const struct entry_origin made_of = {.revision = 1 + draw(3), .day = ENTRY_ANY_DAY};
	struct entry *entry = entry_make(key, &made_of, draw(200));

	assert_non_null(entry);
	add_part(entry, STAYS);
	if (draw(2)) {
		add_part(entry, SPARE);
		entry_can_spare(entry, SPARE);
	}
	/* A key is always of the same kind. */
	entry->other = key[1] & 1;
	return entry;
}

static struct entry *completed(const struct entry *entry)
{
	struct entry *made = entry_like(entry);

	assert_non_null(made);
	add_part(made, STAYS);
	add_part(made, SPARE);
	entry_can_spare(made, SPARE);
	return made;
}

static struct entry *whole(const char *key, size_t stays, size_t spare)
{
	struct entry *entry = entry_make(key, &origin, 0);

	assert_non_null(entry);
	entry_part(entry, STAYS, calloc(1, stays));
	entry_part(entry, SPARE, spare ? calloc(1, spare) : NULL);
	entry_can_spare(entry, SPARE);
	return entry;
}

static size_t taken_by(void *block)
{
	return block ? malloc_usable_size(block) + sizeof(size_t) : 0;
}

/* Adds up what the list of one share holds, and looks that it is one in both directions. */
static size_t add_up(const struct share *share, bool other)
{
	const struct entry *newer = NULL;
	size_t entries = 0, bytes = 0, spare = 0;
	bool full = !share->full;

	for (struct entry *each = share->newest; each; each = each->older) {
		size_t size = taken_by(each);

		for (size_t part = 0; part < ENTRY_PARTS; part++)
			size += taken_by(each->parts[part]);
		assert_int_equal(each->size, size);
		assert_int_equal(each->other, other);
		assert_ptr_equal(each->newer, newer);
		full = full || each == share->full;
		bytes += size;
		spare += each->spare ? taken_by(each->parts[SPARE]) : 0;
		entries++;
		newer = each;
	}
	assert_ptr_equal(share->oldest, newer);
	assert_true(full);
	assert_int_equal(share->bytes, bytes);
	assert_int_equal(share->spare, spare);
	assert_true(bytes <= share->maximum);
	return entries;
}

static void look_over(const struct table *table)
{
	size_t listed = add_up(&table->shares[0], false) + add_up(&table->shares[1], true);
	size_t hashed = 0;

	for (size_t i = 0; i < table->bucket_count; i++)
		for (const struct entry *each = table->buckets[i]; each; each = each->next)
			hashed++;
	assert_int_equal(listed, table->entries);
	assert_int_equal(hashed, table->entries);
}

/* One of many readers takes an entry, keeps it for a while or has it completed. */
static void read_one(struct table *table, const char *key, struct entry **held)
{
	struct entry *found = table_find(table, key), *fresh;

	if (!found)
		return;
	assert_string_equal(found->key, key);
	/* As if it had been found long ago. */
	found->touched -= draw(2) * 1000;
	if (!found->parts[SPARE] && draw(2)) {
		fresh = completed(found);
		table_replace(table, found, fresh);
		entry_release(&fresh);
	}
	entry_release(held);
	*held = found;
}

static void operate(struct table *table, struct entry *held[HELD])
{
	char key[8];
	struct entry *entry;
	unsigned what = draw(1000);

	snprintf(key, sizeof key, "/%c%u", 'a' + draw(2), draw(KEYS));
	if (what < 450) {
		entry = make(key);
		table_store(table, entry);
		entry_release(&entry);
	} else if (what < 850) {
		read_one(table, key, &held[draw(HELD)]);
	} else if (what < 998) {
		entry_release(&held[draw(HELD)]);
	} else {
		table_clear(table);
	}
}

static void run(size_t bytes, bool thins)
{
	struct entry *held[HELD] = {NULL};
	struct table table;

	assert_true(table_open(&table, bytes, thin));
	for (int i = 0; i < ROUNDS; i++) {
		operate(&table, held);
		look_over(&table);
	}
	assert_true(!thins || table.thinned > 0);
	for (int i = 0; i < HELD; i++)
		entry_release(&held[i]);
	table_close(&table);
}

static void counts_what_it_holds(void **state)
{
	(void)state;
	run(256 << 10, true);
	run(64 << 10, true);
	/* Some entries are larger than a share, and then all. */
	run(16 << 10, true);
	run(1000, false);
	run(1, false);
}

/* What can be made again is no reason to lose what the database would have to be asked for: it may
 * be away. */
static void a_completion_costs_no_entry(void **state)
{
	struct table table;
	struct entry *older, *entry, *fresh;

	(void)state;
	assert_true(table_open(&table, 32 << 10, thin));
	older = whole("/b", 4000, 4000);
	table_store(&table, older);
	entry_release(&older);
	entry = whole("/d", 4000, 0);
	table_store(&table, entry);

	/* Too large for the share, and only with the other out of it. */
	for (size_t spare = 14000; spare > 9000; spare -= 4000) {
		fresh = whole("/d", 4000, spare);
		assert_false(table_replace(&table, entry, fresh));
		entry_release(&fresh);
		look_over(&table);
		assert_int_equal(table.entries, 2);
	}
	/* There is room when the other gives up what it can spare. */
	fresh = whole("/d", 4000, 7000);
	assert_true(table_replace(&table, entry, fresh));
	look_over(&table);
	assert_int_equal(table.entries, 2);
	assert_int_equal(table.thinned, 1);

	entry_release(&entry);
	entry_release(&fresh);
	table_close(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_what_it_holds),
		cmocka_unit_test(a_completion_costs_no_entry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
