/*
 * Requests with a body to a real server: those that reach Ulfius and those that are refused before.
 */
#include "server/server.h"

#include "base/log.h"
#include "support/fake_routes.h"
#include "support/raw_client.h"

#include <netinet/tcp.h>
#include <pthread.h>

#include "base/banned.h"

#define POST "POST /v1/notes HTTP/1.1\r\nHost: x\r\n"
#define JSON "Content-Type: application/json\r\n"
#define GET_V1 "GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n"

static struct config settings = {
	LOOPBACK,	    .log_addresses = "truncated", .trusted_proxies = "",
	.connections = 300, .client_connections = 300,
};

static bool add_slowly(const struct request *request, struct response *response, struct error *err)
{
	const struct timespec pause = {.tv_nsec = 300000000};

	nanosleep(&pause, NULL);
	return add_note(request, response, err);
}

static const struct route served[] = {
	{"GET", "/v1", "getEntry", respond_with_echo, NULL, TAKES(NULL), NULL, NULL},
	NOTES,
	{"POST", "/v1/slow", "addSlowly", add_slowly, NULL, TAKES(NULL), NULL, "application/json"},
	{0},
};

static int start(void **state)
{
	const struct server_options options = {
		.config = &settings, .routes = served, .settings = "CYBERTREATY_"};

	return start_server(&options, state);
}

static const char *exchange_text(const struct server *server, const char *text)
{
	int descriptor = connect_to(server);
	const char *received;

	send_text(descriptor, text);
	received = receive(descriptor, NULL);
	close(descriptor);
	return received;
}

static void assert_status(const char *received, const char *status)
{
	if (strncmp(received, "HTTP/1.1 ", 9) != 0 || strncmp(received + 9, status, 3) != 0)
		fail_msg("%.60s is not %s", received, status);
	assert_non_null(strstr(received, "\r\nConnection: close\r\n"));
	/* One status line, and nothing behind the body. */
	assert_null(strstr(received + 9, "HTTP/1.1"));
}

static void passes_json_to_the_handler(void **state)
{
	for (int i = 0; i < 50; i++) {
		const char *received = exchange_text(*state, POST JSON
						     "Content-Length: 13\r\n\r\n{\"title\":\"a\"}");

		assert_status(received, "200");
		assert_non_null(strstr(received, "{\"title\":\"1 bytes\"}"));
		assert_non_null(strstr(received, "\r\nX-Content-Type-Options: nosniff\r\n"));
	}
}

static void decides_by_the_head_or_the_body(void **state)
{
	static const struct {
		const char *text, *status;
	} cases[] = {
		{POST JSON "Content-Length: 1\r\n\r\n{", "400"},
		{POST JSON "Content-Length: 2\r\n\r\n{}", "400"},
		{POST JSON "Content-Length: 70000\r\n\r\n", "413"},
		{POST "Content-Length: 2\r\n\r\n{}", "415"},
		{POST "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}", "415"},
		{POST JSON "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "411"},
		{POST JSON "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n", "400"},
		{"PUT /v1/notes HTTP/1.1\r\nHost: x\r\n" JSON "Content-Length: 2\r\n\r\n{}", "405"},
		{"POST /nowhere HTTP/1.1\r\nHost: x\r\n" JSON "Content-Length: 2\r\n\r\n{}", "404"},
		/* RFC 9112, section 3.2.2: every server accepts a whole address. */
		{"POST http://x/v1/notes HTTP/1.1\r\nHost: x\r\n" JSON
		 "Content-Length: 13\r\n\r\n{\"title\":\"a\"}",
		 "200"},
		/* The final status, without 100 before it. */
		{POST JSON "Content-Length: 70000\r\nExpect: 100-continue\r\n\r\n", "413"},
		{POST "Content-Length: 7\r\nExpect: 100-continue\r\n\r\n", "415"},
		{"GET /v1 HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\nExpect: 100-continue\r\n\r\n",
		 "400"},
		/* Bytes after the body are no request. */
		{POST JSON "Content-Length: 13\r\n\r\n{\"title\":\"a\"}" GET_V1, "200"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		print_message("case %zu\n", i);
		assert_status(exchange_text(*state, cases[i].text), cases[i].status);
	}
}

static void bounds_bodies_to_the_byte(void **state)
{
	static const struct {
		size_t length;
		const char *status;
	} cases[] = {{LIMIT_BODY, "200"}, {LIMIT_BODY + 1, "413"}, {LIMIT_BODY * 4, "413"}};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *text = calloc(1, cases[i].length + 300);
		size_t head = (size_t)snprintf(text, 300,
					       POST JSON "Content-Length: %zu\r\n\r\n{\"title\":\"",
					       cases[i].length);

		memset(text + head, 'a', cases[i].length - strlen("{\"title\":\"\"}"));
		memcpy(text + strlen(text), "\"}", 2);
		assert_status(exchange_text(*state, text), cases[i].status);
		free(text);
	}
}

static void sends_100_for_an_acceptable_body(void **state)
{
	int descriptor = connect_to(*state);
	const char *received;

	send_text(descriptor, POST JSON "Content-Length: 13\r\nExpect: 100-continue\r\n\r\n");
	received = receive(descriptor, "\r\n\r\n");
	assert_string_equal(received, "HTTP/1.1 100 Continue\r\n\r\n");
	send_text(descriptor, "{\"title\":\"a\"}");
	received = receive(descriptor, NULL);
	/* libmicrohttpd may send 100 once more before it. (RFC 9110, section 15.2) */
	assert_non_null(strstr(received, "HTTP/1.1 200 OK\r\n"));
	assert_non_null(strstr(received, "1 bytes"));
	close(descriptor);
}

/* The kernel stores each segment with some hundred bytes of its bookkeeping. */
static void holds_a_large_body_in_tiny_segments(void **state)
{
	enum { LENGTH = 60000 };
	static char text[LENGTH + 300];
	const int on = 1;
	int descriptor = connect_to(*state);
	size_t head = (size_t)snprintf(text, sizeof text,
				       POST JSON "Content-Length: %d\r\n\r\n{\"title\":\"", LENGTH);

	memset(text + head, 'a', LENGTH - strlen("{\"title\":\"\"}"));
	memcpy(text + strlen(text), "\"}", 2);
	setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	for (const char *at = text; *at; at++)
		assert_int_equal(send(descriptor, at, 1, MSG_NOSIGNAL), 1);
	assert_status(receive(descriptor, NULL), "200");
	close(descriptor);
}

static void waits_for_a_body_in_pieces(void **state)
{
	static const char text[] = POST JSON "Content-Length: 13\r\n\r\n{\"title\":\"a\"}";
	const struct timespec pause = {.tv_nsec = 1000000};
	int slow = connect_to(*state), other = connect_to(*state);

	for (const char *at = text; *at; at++) {
		const char piece[] = {*at, '\0'};

		send_text(slow, piece);
		nanosleep(&pause, NULL);
		if ((at - text) % 20 == 0) {
			send_text(other, GET_V1);
			assert_non_null(strstr(receive(other, "}"), "200 OK"));
		}
	}
	assert_status(receive(slow, NULL), "200");
	close(slow);
	close(other);
}

static void closes_uploads_of_clients_that_close(void **state)
{
	for (int i = 0; i < 100; i++) {
		int descriptor = connect_to(*state);

		send_text(descriptor, POST JSON "Content-Length: 13\r\n\r\n{\"ti");
		if (i % 2) {
			char byte;

			shutdown(descriptor, SHUT_WR);
			/* The end of the connection, not a reset. */
			assert_int_equal(recv(descriptor, &byte, 1, 0), 0);
		}
		close(descriptor);
	}
	assert_status(
		exchange_text(*state, POST JSON "Content-Length: 13\r\n\r\n{\"title\":\"a\"}"),
		"200");
}

static void refuses_uploads_beyond_the_limit(void **state)
{
	int open[33];

	for (int i = 0; i < 32; i++) {
		open[i] = connect_to(*state);
		send_text(open[i], POST JSON "Content-Length: 13\r\nExpect: 100-continue\r\n\r\n");
		assert_non_null(strstr(receive(open[i], "\r\n\r\n"), "100 Continue"));
	}
	open[32] = connect_to(*state);
	send_text(open[32], POST JSON "Content-Length: 13\r\nExpect: 100-continue\r\n\r\n");
	assert_status(receive(open[32], NULL), "503");
	for (int i = 0; i < 32; i++) {
		send_text(open[i], "{\"title\":\"a\"}");
		assert_non_null(strstr(receive(open[i], NULL), "1 bytes"));
	}
	for (int i = 0; i < 33; i++)
		close(open[i]);
}

static void *drain_server(void *server)
{
	return server_drain(server, 10) ? server : NULL;
}

static void drains_uploads(void **state)
{
	const struct timespec pause = {.tv_nsec = 100000000};
	int slow = connect_to(*state);
	struct deadline deadline = deadline_after(5000);
	pthread_t draining;
	void *drained;

	send_text(slow, "POST /v1/slow HTTP/1.1\r\nHost: x\r\n" JSON
			"Content-Length: 13\r\n\r\n{\"title\":\"a\"}");
	nanosleep(&pause, NULL);
	assert_int_equal(pthread_create(&draining, NULL, drain_server, *state), 0);
	assert_status(receive(slow, NULL), "200");
	close(slow);
	pthread_join(draining, &drained);
	assert_non_null(drained);
	assert_false(deadline_passed(deadline));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(passes_json_to_the_handler, start, stop_server),
		cmocka_unit_test_setup_teardown(decides_by_the_head_or_the_body, start,
						stop_server),
		cmocka_unit_test_setup_teardown(bounds_bodies_to_the_byte, start, stop_server),
		cmocka_unit_test_setup_teardown(sends_100_for_an_acceptable_body, start,
						stop_server),
		cmocka_unit_test_setup_teardown(holds_a_large_body_in_tiny_segments, start,
						stop_server),
		cmocka_unit_test_setup_teardown(waits_for_a_body_in_pieces, start, stop_server),
		cmocka_unit_test_setup_teardown(closes_uploads_of_clients_that_close, start,
						stop_server),
		cmocka_unit_test_setup_teardown(refuses_uploads_beyond_the_limit, start,
						stop_server),
		cmocka_unit_test_setup_teardown(drains_uploads, start, stop_server),
	};

	log_threshold(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
