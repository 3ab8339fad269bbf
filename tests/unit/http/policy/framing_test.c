#include "http/policy/framing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/banned.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_faulty_framing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
