#include "http/observe/request_id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

#define TRACE "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

static void accepts_valid_request_ids(void **state)
{
	static const struct {
		const char *sent;
		bool taken;
	} cases[] = {
		{"abc", true},
		{"A-b_c.9", true},
		{"0123456789012345678901234567890123456789012345678901234567890123", true},
		{"01234567890123456789012345678901234567890123456789012345678901234", false},
		{"", false},
		{"a b", false},
		{"a,b", false},
		{"a\"", false},
		{"\xC3\xA9", false},
		{NULL, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char id[REQUEST_ID_SIZE];

		request_id_set(id, cases[i].sent);
		if (cases[i].taken)
			assert_string_equal(id, cases[i].sent);
		else
			assert_int_equal(strspn(id, "0123456789abcdef"), 32);
	}
}

static void generates_distinct_request_ids(void **state)
{
	char one[REQUEST_ID_SIZE], other[REQUEST_ID_SIZE];

	(void)state;
	request_id_set(one, NULL);
	request_id_set(other, NULL);
	assert_string_not_equal(one, other);
}

static void validates_traceparent(void **state)
{
	static const struct {
		const char *text;
		bool valid;
	} cases[] = {
		{TRACE, true},
		{"cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", true},
		{TRACE "-more", false},
		{TRACE "x", false},
		{"ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false},
		{"00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", false},
		{"00-00000000000000000000000000000000-00f067aa0ba902b7-01", false},
		{"00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false},
		{"00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01", false},
		{"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1", false},
		{"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7", false},
		{"00-4bf92f3577b34da6a3ce929d0e0e4736", false},
		{"00", false},
		{"", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		print_message("%s\n", cases[i].text);
		assert_int_equal(request_id_traceparent_valid(cases[i].text), cases[i].valid);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_valid_request_ids),
		cmocka_unit_test(generates_distinct_request_ids),
		cmocka_unit_test(validates_traceparent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
