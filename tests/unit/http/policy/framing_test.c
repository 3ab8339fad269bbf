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

static void reads_framing_or_refuses(void **state)
{
	static const struct {
		const char *version;
		struct field lines[4];
		enum error_kind refusal; /* ERROR_KINDS: none */
		size_t content_length;
		bool close;
	} cases[] = {
		{"HTTP/1.1", {HOST}, ERROR_KINDS, 0, false},
		{"HTTP/1.1", {{"hOST", ""}}, ERROR_KINDS, 0, false},
		{"HTTP/1.1", {{"Host", "[2001:db8::1]:80"}}, ERROR_KINDS, 0, false},
		{"HTTP/1.1", {{"Host", "[::1]x"}}, ERROR_BAD_REQUEST, 0, true},
		{"HTTP/1.1", {{"Host", "[::::]"}}, ERROR_BAD_REQUEST, 0, true},
		{"HTTP/1.1", {{"Host", "[192.0.2.1]"}}, ERROR_BAD_REQUEST, 0, true},
		{"HTTP/1.1", {{"Host", "a%20b:80"}}, ERROR_KINDS, 0, false},
		{"HTTP/1.1", {{"Host", "a%2"}}, ERROR_BAD_REQUEST, 0, true},
		{"HTTP/1.1", {{0}}, ERROR_BAD_REQUEST, 0, true},
		{"HTTP/1.0", {{0}}, ERROR_KINDS, 0, true},
		{"HTTP/1.1", {HOST, {"host", "y"}}, ERROR_BAD_REQUEST, 0, true},
		{"HTTP/1.1", {HOST, {"Content-Length", "5"}}, ERROR_KINDS, 5, false},
		{"HTTP/1.1", {HOST, {"Connection", "a ,Close"}}, ERROR_KINDS, 0, true},
		{"HTTP/1.1",
		 {HOST, {"Transfer-Encoding", "Chunked"}},
		 ERROR_LENGTH_REQUIRED,
		 0,
		 true},
		{"HTTP/1.1", {HOST, {"Transfer-Encoding", "gzip"}}, ERROR_BAD_REQUEST, 0, true},
		{"HTTP/1.1",
		 {HOST, {"Transfer-Encoding", "gzip, chunked"}},
		 ERROR_BAD_REQUEST,
		 0,
		 true},
		{"HTTP/1.1",
		 {HOST, {"Content-Length", "5"}, {"Transfer-Encoding", "chunked"}},
		 ERROR_BAD_REQUEST,
		 0,
		 true},
		{"HTTP/1.1",
		 {HOST, {"Content-Length", "5"}, {"content-length", "5"}},
		 ERROR_BAD_REQUEST,
		 0,
		 true},
		{"HTTP/1.0", {{"Transfer-Encoding", "chunked"}}, ERROR_BAD_REQUEST, 0, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct raw_request request = {.target = "/v1", .version = cases[i].version};
		bool sound;

		while (request.line_count < 4 && cases[i].lines[request.line_count].name) {
			request.lines[request.line_count] = cases[i].lines[request.line_count];
			request.line_count++;
		}
		request_fields_find(request.lines, request.line_count, &request.fields);
		print_message("case %zu\n", i);
		sound = framing_read(&request);
		assert_int_equal(sound, cases[i].refusal == ERROR_KINDS);
		assert_int_equal(sound, !request.refusal.english);
		if (!sound)
			assert_int_equal(request.refusal_kind, cases[i].refusal);
		else
			assert_int_equal(request.content_length, cases[i].content_length);
		assert_int_equal(request.close, cases[i].close);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_framing_or_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
