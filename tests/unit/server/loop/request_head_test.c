#include "server/loop/request_head.h"

#include "support/fake_routes.h"

#include "base/banned.h"

#define HOST "Host: x\r\n"
#define END "\r\n"
#define LINE "GET /v1 HTTP/1.1\r\n"

static char bytes[REQUEST_HEAD_LONGEST + 100];
static struct raw_request head;
static size_t size;

static enum request_head_state read_bytes(const char *text, size_t length)
{
	assert_true(length <= sizeof bytes);
	memcpy(bytes, text, length);
	return request_head_read(bytes, length, &head, &size);
}

static enum request_head_state read_text(const char *text)
{
	return read_bytes(text, strlen(text));
}

static void reads_line_and_fields(void **state)
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

	(void)state;
	assert_int_equal(read_text(text), REQUEST_HEAD_COMPLETE);
	assert_int_equal(size, strlen(text) - strlen("GET /next"));
	assert_string_equal(head.method, "HEAD");
	assert_string_equal(head.target, "/v1/countries?q=%41&lang=fr");
	assert_string_equal(head.version, "HTTP/1.1");
	assert_false(head.close);
	assert_int_equal(head.line_count, sizeof expected / sizeof *expected);
	for (size_t i = 0; i < head.line_count; i++) {
		assert_string_equal(head.lines[i].name, expected[i].name);
		assert_string_equal(head.lines[i].value, expected[i].value);
	}
	assert_string_equal(head.fields.values[FIELD_ACCEPT], "text/csv , */*;q=0.1");
}

static void is_partial_until_the_last_byte(void **state)
{
	static const char text[] = "\r\n" LINE "Accept: a/b\r\n" HOST END;

	(void)state;
	for (size_t length = 0; length < strlen(text); length++)
		assert_int_equal(read_bytes(text, length), REQUEST_HEAD_PARTIAL);
	assert_int_equal(read_text(text), REQUEST_HEAD_COMPLETE);
	assert_int_equal(size, strlen(text));
	assert_int_equal(head.line_count, 2);
}

static void accepts_valid_heads(void **state)
{
	static const struct {
		const char *text;
		size_t content_length;
		bool close, expects_continue;
	} cases[] = {
		{LINE HOST END, 0, false, false},
		{"\r\n\r\n" LINE HOST END, 0, false, false},
		{"POST /v1 HTTP/1.1\r\n" HOST "Content-Length: 0\r\n" END, 0, false, false},
		{"POST /v1 HTTP/1.1\r\n" HOST "Content-Length: 0042\r\n" END, 42, false, false},
		{"POST /v1 HTTP/1.1\r\n" HOST "Content-Length: 5\r\nExpect: 100-Continue\r\n" END,
		 5, false, true},
		{"get /v1 HTTP/1.1\r\n" HOST END, 0, false, false},
		{"GET http://x/v1 HTTP/1.1\r\n" HOST END, 0, false, false},
		{"OPTIONS * HTTP/1.1\r\n" HOST END, 0, false, false},
		{"GET /v1\x80 HTTP/1.1\r\n" HOST END, 0, false, false},
		{"GET /v1 HTTP/1.0\r\n" END, 0, true, false},
		{"GET /v1 HTTP/1.0\r\n" HOST "Connection: keep-alive\r\n" END, 0, true, false},
		{LINE HOST "Connection: CLOSE\r\n" END, 0, true, false},
		{LINE HOST "Connection: keep-alive , close\r\n" END, 0, true, false},
		{LINE HOST "Connection: a\r\nConnection: b, close\r\n" END, 0, true, false},
		{LINE HOST "Connection: Upgrade\r\nUpgrade: h2c\r\n" END, 0, false, false},
		{LINE HOST "Connection: not-close\r\n" END, 0, false, false},
		{LINE HOST "TE: trailers\r\nTrailer: A\r\n" END, 0, false, false},
		{LINE "Host:\r\n" END, 0, false, false},
		{LINE "Host: [::1]:80\r\n" END, 0, false, false},
		{LINE "Host: a.example:\r\n" END, 0, false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		print_message("case %zu\n", i);
		assert_int_equal(read_text(cases[i].text), REQUEST_HEAD_COMPLETE);
		assert_null(head.refusal.english);
		assert_int_equal(head.content_length, cases[i].content_length);
		assert_int_equal(head.close, cases[i].close);
		assert_int_equal(head.expects_continue, cases[i].expects_continue);
	}
}

static void refuses_malformed_heads(void **state)
{
	static const struct {
		const char *text;
		enum error_kind kind;
	} cases[] = {
		/* RFC 9112, section 3: the request line */
		{"\x16\x03\x01", ERROR_BAD_REQUEST},
		{"GET /v1\r\n", ERROR_BAD_REQUEST},
		{"GET HTTP/1.1\r\n", ERROR_BAD_REQUEST},
		{"GET  /v1 HTTP/1.1\r\n" HOST END, ERROR_BAD_REQUEST},
		{"GET /v1  HTTP/1.1\r\n" HOST END, ERROR_BAD_REQUEST},
		{"GET /v1 HTTP/1.1 \r\n" HOST END, ERROR_BAD_REQUEST},
		{" GET /v1 HTTP/1.1\r\n" HOST END, ERROR_BAD_REQUEST},
		{"G(T /v1 HTTP/1.1\r\n" HOST END, ERROR_BAD_REQUEST},
		{"GET /v1 http/1.1\r\n" HOST END, ERROR_BAD_REQUEST},
		{"GET /v1 HTTP/1.10\r\n" HOST END, ERROR_BAD_REQUEST},
		{"GET /v\t1 HTTP/1.1\r\n" HOST END, ERROR_BAD_REQUEST},
		{"GET /v1\x7F HTTP/1.1\r\n" HOST END, ERROR_BAD_REQUEST},
		{"GET * HTTP/1.1\r\n" HOST END, ERROR_BAD_REQUEST},
		{"GET v1 HTTP/1.1\r\n" HOST END, ERROR_BAD_REQUEST},
		{"CONNECT x:443 HTTP/1.1\r\n" HOST END, ERROR_BAD_REQUEST},
		{"GET /v1 HTTP/1.2\r\n" HOST END, ERROR_VERSION_UNSUPPORTED},
		{"GET /v1 HTTP/0.9\r\n" HOST END, ERROR_VERSION_UNSUPPORTED},
		{"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", ERROR_VERSION_UNSUPPORTED},
		/* RFC 9112, section 2.2: line ends */
		{"GET /v1 HTTP/1.1\n" HOST END, ERROR_BAD_REQUEST},
		{LINE HOST "A: a\n" END, ERROR_BAD_REQUEST},
		{LINE HOST "A: a\rb\r\n" END, ERROR_BAD_REQUEST},
		{LINE HOST "A: a\nB: b\r\n" END, ERROR_BAD_REQUEST},
		{"\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n" LINE HOST END, ERROR_BAD_REQUEST},
		/* RFC 9112, section 5: fields */
		{LINE HOST "A\r\n" END, ERROR_BAD_REQUEST},
		{LINE HOST ": a\r\n" END, ERROR_BAD_REQUEST},
		{LINE HOST "A : a\r\n" END, ERROR_BAD_REQUEST},
		{LINE HOST "A\t: a\r\n" END, ERROR_BAD_REQUEST},
		{LINE " A: a\r\n" HOST END, ERROR_BAD_REQUEST},
		{LINE HOST "A: a\r\n b\r\n" END, ERROR_BAD_REQUEST},
		{LINE HOST "A: \x01\r\n" END, ERROR_BAD_REQUEST},
		{LINE HOST "A(: a\r\n" END, ERROR_BAD_REQUEST},
		{LINE HOST "\xC3\xA9: a\r\n" END, ERROR_BAD_REQUEST},
		/* RFC 9112, section 3.2: Host */
		{LINE END, ERROR_BAD_REQUEST},
		{LINE HOST HOST END, ERROR_BAD_REQUEST},
		{"GET /v1 HTTP/1.0\r\n" HOST HOST END, ERROR_BAD_REQUEST},
		{LINE "Host: a b\r\n" END, ERROR_BAD_REQUEST},
		{LINE "Host: a@b\r\n" END, ERROR_BAD_REQUEST},
		{LINE "Host: a/b\r\n" END, ERROR_BAD_REQUEST},
		{LINE "Host: a:b\r\n" END, ERROR_BAD_REQUEST},
		{LINE "Host: [::1\r\n" END, ERROR_BAD_REQUEST},
		/* RFC 9112, section 6: framing */
		{LINE HOST "Content-Length: 5\r\nContent-Length: 5\r\n" END, ERROR_BAD_REQUEST},
		{LINE HOST "Content-Length: 5, 5\r\n" END, ERROR_BAD_REQUEST},
		{LINE HOST "Content-Length: +5\r\n" END, ERROR_BAD_REQUEST},
		{LINE HOST "Content-Length: -5\r\n" END, ERROR_BAD_REQUEST},
		{LINE HOST "Content-Length: 0x5\r\n" END, ERROR_BAD_REQUEST},
		{LINE HOST "Content-Length:\r\n" END, ERROR_BAD_REQUEST},
		{LINE HOST "Content-Length: 18446744073709551621\r\n" END, ERROR_BAD_REQUEST},
		{LINE HOST "Transfer-Encoding: chunked\r\n" END, ERROR_LENGTH_REQUIRED},
		{LINE HOST "transfer-encoding: Chunked\r\n" END, ERROR_LENGTH_REQUIRED},
		{LINE HOST "Transfer-Encoding: gzip\r\n" END, ERROR_BAD_REQUEST},
		{LINE HOST "Transfer-Encoding: gzip, chunked\r\n" END, ERROR_BAD_REQUEST},
		{LINE HOST "Transfer-Encoding:\r\n" END, ERROR_BAD_REQUEST},
		{LINE HOST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n" END,
		 ERROR_BAD_REQUEST},
		{LINE HOST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n" END,
		 ERROR_BAD_REQUEST},
		{"GET /v1 HTTP/1.0\r\nTransfer-Encoding: chunked\r\n" END, ERROR_BAD_REQUEST},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		print_message("case %zu\n", i);
		assert_int_equal(read_text(cases[i].text), REQUEST_HEAD_MALFORMED);
		assert_int_equal(head.refusal_kind, cases[i].kind);
		assert_non_null(head.refusal.english);
		assert_non_null(head.refusal.french);
		assert_true(head.close);
	}
	assert_int_equal(read_bytes("GET /\0 HTTP/1.1\r\n", 17), REQUEST_HEAD_MALFORMED);
	assert_int_equal(read_bytes(LINE HOST "A: \0\r\n\r\n", strlen(LINE HOST) + 8),
			 REQUEST_HEAD_MALFORMED);
}

/* A head with a target of that many bytes, a value of as many, and so many fields. */
static enum request_head_state read_filled(size_t target, size_t value, size_t fields)
{
	static char text[2 * REQUEST_HEAD_LONGEST];
	int length = snprintf(text, sizeof text, "GET /%0*d HTTP/1.1\r\n" HOST, (int)target - 1, 0);

	if (value)
		length += snprintf(text + length, sizeof text - (size_t)length, "A: %0*d\r\n",
				   (int)value, 0);
	for (size_t i = 1; i < fields; i++)
		length += snprintf(text + length, sizeof text - (size_t)length, "A: b\r\n");
	length += snprintf(text + length, sizeof text - (size_t)length, END);
	return read_bytes(text, (size_t)length < sizeof bytes ? (size_t)length : sizeof bytes);
}

static void enforces_limits_to_the_byte(void **state)
{
	/* "Host: x" and "A: " with their line ends. */
	const size_t largest = LIMIT_FIELD_BYTES - 14;

	(void)state;
	assert_int_equal(read_filled(LIMIT_TARGET, 0, 1), REQUEST_HEAD_COMPLETE);
	assert_int_equal(read_filled(LIMIT_TARGET + 1, 0, 1), REQUEST_HEAD_MALFORMED);
	assert_int_equal(head.refusal_kind, ERROR_TARGET_TOO_LONG);
	assert_int_equal(read_filled(2, 0, LIMIT_FIELDS), REQUEST_HEAD_COMPLETE);
	assert_int_equal(read_filled(2, 0, LIMIT_FIELDS + 1), REQUEST_HEAD_MALFORMED);
	assert_int_equal(head.refusal_kind, ERROR_FIELDS_TOO_LARGE);
	assert_int_equal(read_filled(2, largest, 1), REQUEST_HEAD_COMPLETE);
	assert_int_equal(read_filled(2, largest + 1, 1), REQUEST_HEAD_MALFORMED);
	assert_int_equal(head.refusal_kind, ERROR_FIELDS_TOO_LARGE);
	/* The longest head fits the buffer of a loop. */
	assert_int_equal(read_filled(LIMIT_TARGET, largest, 1), REQUEST_HEAD_COMPLETE);
	assert_true(size <= REQUEST_HEAD_LONGEST - REQUEST_HEAD_EMPTY);
}

/* A head that never ends is refused before the buffer is full. */
static void refuses_endless_heads(void **state)
{
	static char text[REQUEST_HEAD_LONGEST];

	(void)state;
	memset(text, 'a', sizeof text);
	assert_int_equal(read_bytes(text, sizeof text), REQUEST_HEAD_MALFORMED);
	assert_int_equal(head.refusal_kind, ERROR_TARGET_TOO_LONG);
	memcpy(text, LINE, strlen(LINE));
	assert_int_equal(read_bytes(text, sizeof text), REQUEST_HEAD_MALFORMED);
	assert_int_equal(head.refusal_kind, ERROR_FIELDS_TOO_LARGE);
	memset(text, '\r', sizeof text);
	assert_int_equal(read_bytes(text, sizeof text), REQUEST_HEAD_MALFORMED);
}

/* Blanks around values count, since they take space in the buffer. */
static void refuses_many_blanks(void **state)
{
	static char text[REQUEST_HEAD_LONGEST];
	size_t length = strlen(LINE HOST);

	(void)state;
	memset(text, ' ', sizeof text);
	memcpy(text, LINE HOST, length);
	for (; length + 6002 < sizeof text; length += 6002) {
		memcpy(text + length, "A:", 2);
		memcpy(text + length + 6000, "\r\n", 2);
	}
	assert_int_equal(read_bytes(text, length), REQUEST_HEAD_MALFORMED);
	assert_int_equal(head.refusal_kind, ERROR_FIELDS_TOO_LARGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_line_and_fields),
		cmocka_unit_test(is_partial_until_the_last_byte),
		cmocka_unit_test(accepts_valid_heads),
		cmocka_unit_test(refuses_malformed_heads),
		cmocka_unit_test(enforces_limits_to_the_byte),
		cmocka_unit_test(refuses_endless_heads),
		cmocka_unit_test(refuses_many_blanks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
