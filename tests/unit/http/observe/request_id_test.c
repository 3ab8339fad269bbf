#include "http/observe/request_id.h"

#include "http/policy/cors.h"
#include "http/policy/framing.h"
#include "http/message/sanitize.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

#define TRACE "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

static void takes_over_request_ids(void **state)
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

static void makes_distinct_request_ids(void **state)
{
	char one[REQUEST_ID_SIZE], other[REQUEST_ID_SIZE];

	(void)state;
	request_id_set(one, NULL);
	request_id_set(other, NULL);
	assert_string_not_equal(one, other);
}

static void knows_traceparent(void **state)
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

static void allows_origins(void **state)
{
	static const struct {
		const char *origins, *origin, *allowed;
	} cases[] = {
		{"*", "https://a.example", "*"},
		{"https://a.example", "https://a.example", "https://a.example"},
		{"https://b.example, https://a.example", "https://a.example", "https://a.example"},
		{"https://b.example,https://a.example", "https://b.example", "https://b.example"},
		{"https://a.example", "https://a.example.evil", NULL},
		{"https://a.example.evil", "https://a.example", NULL},
		{"https://a.example", "null", NULL},
		{"https://a.example", "", NULL},
		{"", "https://a.example", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *allowed = cors_allowed(cases[i].origins, cases[i].origin);

		assert_int_equal(!allowed, !cases[i].allowed);
		if (allowed)
			assert_string_equal(allowed, cases[i].allowed);
	}
}

#define HOST                                                                                       \
	{                                                                                          \
		"Host", "x"                                                                        \
	}

static void finds_faulty_framing(void **state)
{
	static const struct {
		const char *version;
		struct field fields[4];
		bool fault, close;
	} cases[] = {
		{"HTTP/1.1", {HOST}, false, false},
		{"HTTP/1.1", {{"hOST", ""}}, false, false},
		{"HTTP/1.1", {{0}}, true, false},
		{"HTTP/1.0", {{0}}, false, false},
		{"HTTP/1.1", {HOST, {"host", "y"}}, true, false},
		{"HTTP/1.1", {HOST, {"Content-Length", "5"}}, false, false},
		{"HTTP/1.1", {HOST, {"Transfer-Encoding", "chunked"}}, false, false},
		{"HTTP/1.1", {HOST, {"transfer-encoding", "Chunked"}}, false, false},
		{"HTTP/1.1", {HOST, {"Transfer-Encoding", "gzip"}}, true, true},
		{"HTTP/1.1", {HOST, {"Transfer-Encoding", "gzip, chunked"}}, true, true},
		{"HTTP/1.1", {HOST, {"Transfer-Encoding", ""}}, true, true},
		{"HTTP/1.1",
		 {HOST, {"Transfer-Encoding", "chunked"}, {"Content-Length", "5"}},
		 true,
		 true},
		{"HTTP/1.1",
		 {HOST, {"Content-Length", "5"}, {"Transfer-Encoding", "chunked"}},
		 true,
		 true},
		{"HTTP/1.1",
		 {HOST, {"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}},
		 true,
		 true},
		{"HTTP/1.1", {HOST, {"Content-Length", "5"}, {"content-length", "5"}}, true, true},
		{"HTTP/1.0", {{"Transfer-Encoding", "chunked"}}, true, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct raw_request incoming = {.version = cases[i].version};
		bool close;

		while (incoming.field_count < 4 && cases[i].fields[incoming.field_count].name) {
			incoming.fields[incoming.field_count] =
				cases[i].fields[incoming.field_count];
			incoming.field_count++;
		}
		print_message("case %zu\n", i);
		assert_int_equal(framing_fault(&incoming, &close) != NULL, cases[i].fault);
		assert_int_equal(close, cases[i].close);
	}
}

static void scrubs_texts(void **state)
{
	static const struct {
		const char *text, *clean;
	} cases[] = {
		{"", ""},
		{"plain", "plain"},
		{"\xC3\xA9t\xC3\xA9 \xF0\x9F\x87\xB3", "\xC3\xA9t\xC3\xA9 \xF0\x9F\x87\xB3"},
		{"\xFFx\xC3", "?x?"},
		{"\xE2\x82", "??"},
		{"\xC3\xC3\xA9", "?\xC3\xA9"},
	};
	struct arena *arena = arena_open(1000);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(sanitize_copy(arena, cases[i].text), cases[i].clean);
	arena_close(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_over_request_ids),
		cmocka_unit_test(makes_distinct_request_ids),
		cmocka_unit_test(knows_traceparent),
		cmocka_unit_test(allows_origins),
		cmocka_unit_test(finds_faulty_framing),
		cmocka_unit_test(scrubs_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
