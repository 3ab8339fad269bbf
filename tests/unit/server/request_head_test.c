/*
 * Which requests are read without the library, and what is read of them.
 */
#include "server/loop/request_head.h"

#include "support/fake_routes.h"

#include "base/banned.h"

#define HOST "Host: x\r\n"
#define END "\r\n"
#define LINE "GET /v1 HTTP/1.1\r\n"

static char bytes[PLAIN_LONGEST + 100];
static struct raw_request incoming;
static size_t size;
static bool closes;

static enum plain look(const char *text)
{
	size_t length = strlen(text);

	assert_true(length <= sizeof bytes);
	memcpy(bytes, text, length);
	return request_head_read(bytes, length, &incoming, &size, &closes);
}

static void reads_what_is_plain(void **state)
{
	static const char text[] = "HEAD /v1/countries?q=%41&lang=fr HTTP/1.1\r\n"
				   "hOST:x\r\n"
				   "Accept: \t text/csv , */*;q=0.1 \t\r\n"
				   "X-Empty:\r\n"
				   "X-Odd!#$%&'*+.^_`|~1: caf\xC3\xA9\r\n"
				   "Connection: Keep-Alive\r\n"
				   "\r\n"
				   "GET /next";
	static const struct field expected[] = {
		{"hOST", "x"},
		{"Accept", "text/csv , */*;q=0.1"},
		{"X-Empty", ""},
		{"X-Odd!#$%&'*+.^_`|~1", "caf\xC3\xA9"},
		{"Connection", "Keep-Alive"},
	};
	size_t length = 0;

	(void)state;
	assert_int_equal(look(text), PLAIN_WHOLE);
	assert_int_equal(size, strlen(text) - strlen("GET /next"));
	assert_string_equal(incoming.method, "HEAD");
	assert_string_equal(incoming.target, "/v1/countries?q=%41&lang=fr");
	assert_string_equal(incoming.version, "HTTP/1.1");
	assert_false(closes);
	assert_int_equal(incoming.field_count, sizeof expected / sizeof *expected);
	for (size_t i = 0; i < incoming.field_count; i++) {
		assert_string_equal(incoming.fields[i].name, expected[i].name);
		assert_string_equal(incoming.fields[i].value, expected[i].value);
		length += strlen(expected[i].name) + strlen(expected[i].value) + 4;
	}
	assert_int_equal(incoming.field_bytes, length);
	assert_int_equal(look(LINE HOST "connection: CLOSE\r\n" END), PLAIN_WHOLE);
	assert_true(closes);
}

static void reads_the_old_version(void **state)
{
	(void)state;
	assert_int_equal(look("GET /v1 HTTP/1.0\r\n" END), PLAIN_WHOLE);
	assert_string_equal(incoming.version, "HTTP/1.0");
	assert_true(closes);
	assert_int_equal(look("HEAD / HTTP/1.0\r\n" HOST "Connection: close\r\n" END), PLAIN_WHOLE);
	assert_true(closes);
}

static void waits_for_the_rest(void **state)
{
	static const char text[] = LINE "Accept: a/b\r\n" HOST END;

	(void)state;
	for (size_t length = 0; length < strlen(text); length++) {
		memcpy(bytes, text, length);
		assert_int_equal(request_head_read(bytes, length, &incoming, &size, &closes),
				 PLAIN_PARTIAL);
	}
	assert_int_equal(look(text), PLAIN_WHOLE);
	assert_int_equal(incoming.field_count, 2);
}

static void leaves_all_else_to_the_library(void **state)
{
	static const char *const texts[] = {
		"POST /v1 HTTP/1.1\r\n" HOST END,
		"P",
		"GETS /v1 HTTP/1.1\r\n",
		"get /v1 HTTP/1.1\r\n" HOST END,
		"\r\nGET /v1 HTTP/1.1\r\n" HOST END,
		"GET  /v1 HTTP/1.1\r\n" HOST END,
		"GET /v1  HTTP/1.1\r\n" HOST END,
		"GET /v1 HTTP/1.0\r\n" HOST HOST END,
		"GET /v1 HTTP/1.0\r\n" HOST "Connection: keep-alive\r\n" END,
		"GET /v1 HTTP/1.2\r\n" HOST END,
		"GET /v1 HTTP/2.0\r\n" HOST END,
		"GET /v1 http/1.1\r\n" HOST END,
		"GET /v1\r\n",
		"GET HTTP/1.1\r\n",
		"GET  HTTP/1.1\r\n",
		"GET * HTTP/1.1\r\n" HOST END,
		"GET http://x/v1 HTTP/1.1\r\n" HOST END,
		"GET /v1\x80 HTTP/1.1\r\n" HOST END,
		"GET /v1\x7F HTTP/1.1\r\n" HOST END,
		"GET /v\t1 HTTP/1.1\r\n" HOST END,
		"GET /v1 HTTP/1.1\n" HOST END,
		LINE END,
		LINE HOST HOST END,
		LINE HOST "A\r\n" END,
		LINE HOST ": a\r\n" END,
		LINE HOST "A : a\r\n" END,
		LINE HOST " A: a\r\n" END,
		LINE HOST "A: a\r\n b\r\n" END,
		LINE HOST "A: a\rb\r\n" END,
		LINE HOST "A: a\n" END,
		LINE HOST "A: \x01\r\n" END,
		LINE HOST "A(: a\r\n" END,
		LINE HOST "\xC3\xA9: a\r\n" END,
		LINE HOST "Content-Length: 0\r\n" END,
		LINE HOST "transfer-encoding: chunked\r\n" END,
		LINE HOST "Expect: 100-continue\r\n" END,
		LINE HOST "Connection: Upgrade\r\n" END,
		LINE HOST "Connection: keep-alive, close\r\n" END,
		LINE HOST "Connection: close\r\nConnection: Upgrade\r\n" END,
		LINE HOST "Upgrade: h2c\r\n" END,
		LINE HOST "TE: trailers\r\n" END,
		LINE HOST "Trailer: A\r\n" END,
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		print_message("text %zu\n", i);
		assert_int_equal(look(texts[i]), PLAIN_NOT);
	}
	memcpy(bytes, "GET /\0 HTTP/1.1\r\n", 17);
	assert_int_equal(request_head_read(bytes, 17, &incoming, &size, &closes), PLAIN_NOT);
	memcpy(bytes, LINE HOST "A: \0\r\n\r\n", strlen(LINE HOST) + 8);
	assert_int_equal(request_head_read(bytes, strlen(LINE HOST) + 8, &incoming, &size, &closes),
			 PLAIN_NOT);
}

/* Fills a head up to a target of that many bytes, or a field, or so many fields. */
static enum plain look_filled(size_t target, size_t value, size_t fields)
{
	static char text[PLAIN_LONGEST + 100];
	int length = snprintf(text, sizeof text, "GET /%0*d HTTP/1.1\r\n" HOST, (int)target - 1, 0);

	if (value)
		length += snprintf(text + length, sizeof text - (size_t)length, "A: %0*d\r\n",
				   (int)value, 0);
	for (size_t i = 1; i < fields; i++)
		length += snprintf(text + length, sizeof text - (size_t)length, "A: b\r\n");
	snprintf(text + length, sizeof text - (size_t)length, END);
	return look(text);
}

static void knows_the_limits(void **state)
{
	(void)state;
	assert_int_equal(look_filled(LIMIT_TARGET, 0, 1), PLAIN_WHOLE);
	assert_int_equal(look_filled(LIMIT_TARGET + 1, 0, 1), PLAIN_NOT);
	assert_int_equal(look_filled(2, 0, LIMIT_FIELDS), PLAIN_WHOLE);
	assert_int_equal(look_filled(2, 0, LIMIT_FIELDS + 1), PLAIN_NOT);
	/* "Host: x" and "A: " with their line ends are 14 bytes. */
	assert_int_equal(look_filled(2, LIMIT_FIELD_BYTES - 14, 1), PLAIN_WHOLE);
	assert_int_equal(incoming.field_bytes, LIMIT_FIELD_BYTES);
	assert_int_equal(look_filled(2, LIMIT_FIELD_BYTES - 13, 1), PLAIN_NOT);
	/* The longest head fits what is looked at. */
	assert_int_equal(look_filled(LIMIT_TARGET, LIMIT_FIELD_BYTES - 14, 1), PLAIN_WHOLE);
	assert_true(size < PLAIN_LONGEST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_is_plain),
		cmocka_unit_test(reads_the_old_version),
		cmocka_unit_test(waits_for_the_rest),
		cmocka_unit_test(leaves_all_else_to_the_library),
		cmocka_unit_test(knows_the_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
