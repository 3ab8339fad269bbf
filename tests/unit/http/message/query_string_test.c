#include "http/message/query_string.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

enum { MAXIMUM = 4 };

static void reads_pairs(void **state)
{
	static const struct {
		const char *query;
		struct {
			const char *name, *value; /* value NULL: a fault */
		} pairs[MAXIMUM];
		size_t count;
	} cases[] = {
		{"", {{0}}, 0},
		{"a=1", {{"a", "1"}}, 1},
		{"a=1&b=2&a=3", {{"a", "1"}, {"b", "2"}, {"a", "3"}}, 3},
		{"a", {{"a", ""}}, 1},
		{"a=", {{"a", ""}}, 1},
		{"a=b=c", {{"a", "b=c"}}, 1},
		{"a=x+y%2Bz%20w", {{"a", "x y+z w"}}, 1},
		{"%61=%62", {{"a", "b"}}, 1},
		{"a=%26%3D", {{"a", "&="}}, 1},
		{"a=%C3%A9", {{"a", "\xC3\xA9"}}, 1},
		{"a=\xC3\xA9", {{"a", "\xC3\xA9"}}, 1},
		{"a=1?/", {{"a", "1?/"}}, 1},
		{"a=|^{}`", {{"a", "|^{}`"}}, 1},
		{"=1", {{"", NULL}}, 1},
		{"a=1&", {{"a", "1"}, {"", NULL}}, 2},
		{"&a=1", {{"", NULL}, {"a", "1"}}, 2},
		{"a=1&&b=2", {{"a", "1"}, {"", NULL}, {"b", "2"}}, 3},
		{"&", {{"", NULL}, {"", NULL}}, 2},
		{"a=%00", {{"a", NULL}}, 1},
		{"a=x%00y&b=1", {{"a", NULL}, {"b", "1"}}, 2},
		{"a=%zz", {{"a", NULL}}, 1},
		{"a=%4", {{"a", NULL}}, 1},
		{"a=%", {{"a", NULL}}, 1},
		{"a=%&4", {{"a", NULL}, {"4", ""}}, 2},
		{"%zz=1", {{"%zz", NULL}}, 1},
		{"%00=1", {{"%00", NULL}}, 1},
		{"a=%ff", {{"a", NULL}}, 1},
		{"a=%C3", {{"a", NULL}}, 1},
		{"a=%ED%A0%80", {{"a", NULL}}, 1},
		{"a=%C0%80", {{"a", NULL}}, 1},
		{"a=\xFF", {{"a", NULL}}, 1},
		{"\xFF=1", {{"\xFF", NULL}}, 1},
		{"a=b c", {{"a", NULL}}, 1},
		{"a=b#c", {{"a", NULL}}, 1},
		{"a=\x7F", {{"a", NULL}}, 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *arena = arena_open(10000);
		struct query_pair pairs[MAXIMUM];
		struct error err;
		size_t count;

		print_message("'%s'\n", cases[i].query);
		assert_true(query_string_read(cases[i].query, arena, pairs, MAXIMUM, &count, &err));
		assert_int_equal(count, cases[i].count);
		for (size_t j = 0; j < count; j++) {
			assert_string_equal(pairs[j].name, cases[i].pairs[j].name);
			assert_int_equal(!pairs[j].fault.english, cases[i].pairs[j].value != NULL);
			if (cases[i].pairs[j].value)
				assert_string_equal(pairs[j].value, cases[i].pairs[j].value);
			else
				assert_null(pairs[j].value);
		}
		arena_close(&arena);
	}
}

static void stops_counting_at_one_too_many(void **state)
{
	static const struct {
		const char *query;
		size_t count;
	} cases[] = {
		{"a&b&c&d", MAXIMUM},
		{"a&b&c&d&", MAXIMUM + 1},
		{"a&b&c&d&e", MAXIMUM + 1},
		{"a&b&c&d&e&f", MAXIMUM + 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena *arena = arena_open(10000);
		struct query_pair pairs[MAXIMUM];
		struct error err;
		size_t count;

		assert_true(query_string_read(cases[i].query, arena, pairs, MAXIMUM, &count, &err));
		assert_int_equal(count, cases[i].count);
		arena_close(&arena);
	}
}

static void fails_without_memory(void **state)
{
	struct arena *arena = arena_open(8);
	struct query_pair pairs[MAXIMUM];
	struct error err;
	size_t count;

	(void)state;
	assert_false(query_string_read("name=much too long", arena, pairs, MAXIMUM, &count, &err));
	assert_int_equal(err.kind, ERROR_INTERNAL);
	arena_close(&arena);
}

static void finds_the_language_of_an_unread_query(void **state)
{
	static const struct {
		const char *query, *language;
	} cases[] = {
		{"", NULL},	      {"lang=fr", "fr"},	 {"a=%zz&lang=en", "en"},
		{"lang=xx", NULL},    {"lang=fr&lang=en", "fr"}, {"slang=fr", NULL},
		{"lang=fr%20", NULL}, {"lang=frx&a", NULL},	 {"&&lang=fr&x=1", "fr"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *language = query_string_language(cases[i].query);

		print_message("%s\n", cases[i].query);
		if (cases[i].language)
			assert_string_equal(language, cases[i].language);
		else
			assert_null(language);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_pairs),
		cmocka_unit_test(stops_counting_at_one_too_many),
		cmocka_unit_test(fails_without_memory),
		cmocka_unit_test(finds_the_language_of_an_unread_query),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
