/*
 * A real server on a free port of the loopback address.
 */
#include "server/server.h"

#include "base/log.h"
#include "support/fake_routes.h"
#include "server/connection/connection_table.h"
#include "support/raw_client.h"

#include <pthread.h>

#include "base/banned.h"

#define GET_V1 "GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n"

static struct config settings = {
	LOOPBACK,
	.log_addresses = "truncated",
	.trusted_proxies = "",
	.connections = 300,
};

static bool respond_slowly(const struct request *request, struct response *response,
			   struct error *err)
{
	const struct timespec pause = {.tv_nsec = 300000000};

	nanosleep(&pause, NULL);
	return respond_with_echo(request, response, err);
}

static bool respond_much(const struct request *request, struct response *response,
			 struct error *err)
{
	const size_t length = 3 * 1024 * 1024;
	char *body = malloc(length);

	(void)request;
	memset(body, 'x', length);
	return response_body(response, 200, "text/plain", body, length, err);
}

static const struct route served[] = {
	{"GET", "/v1", "getEntry", respond_with_echo, NULL, TAKES(NULL), NULL},
	{"GET", "/v1/slow", "slow", respond_slowly, NULL, TAKES(NULL), NULL},
	{"GET", "/v1/much", "much", respond_much, NULL, TAKES(NULL), NULL},
	{0},
};

static int start(void **state)
{
	const struct server_options options = {
		.config = &settings, .routes = served, .settings = "CYBERTREATY_"};

	return start_server(&options, state);
}

static const char *ask_raw(const struct server *server, const char *text)
{
	int descriptor = connect_to(server);
	const char *response;

	send_text(descriptor, text);
	response = receive(descriptor, NULL);
	close(descriptor);
	return response;
}

static void assert_begins(const char *text, const char *beginning)
{
	assert_true(strlen(text) >= strlen(beginning));
	assert_memory_equal(text, beginning, strlen(beginning));
}

static void assert_alive(const struct server *server)
{
	assert_begins(ask_raw(server, "GET /v1 HTTP/1.0\r\n\r\n"), "HTTP/1.1 200 ");
}

#define CLOSING "Host: x\r\nConnection: close\r\n\r\n"

static void responds_to_raw_requests(void **state)
{
	static const struct {
		const char *request, *status, *says;
	} cases[] = {
		{"GET /v1 HTTP/1.1\r\n" CLOSING, "HTTP/1.1 200 ", "\"path\":\"/v1\""},
		{"GET http://a.example/v1 HTTP/1.1\r\n" CLOSING, "HTTP/1.1 200 ",
		 "\"path\":\"/v1\""},
		{"GET /v1//x HTTP/1.1\r\n" CLOSING, "HTTP/1.1 404 ", "problem+json"},
		{"OPTIONS * HTTP/1.1\r\n" CLOSING, "HTTP/1.1 204 ", "Allow: GET, HEAD, OPTIONS"},
		{"get /v1 HTTP/1.1\r\n" CLOSING, "HTTP/1.1 501 ", "problem+json"},
		{"GET /v1 HTTP/1.1\r\nHost: y\r\n" CLOSING, "HTTP/1.1 400 ", "Host may be sent"},
		{"GET /v1 HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n" CLOSING
		 "0\r\n\r\n",
		 "HTTP/1.1 400 ", "onnection: close"},
		{"GET /v1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", "HTTP/1.1 400 ",
		 "onnection: close"},
		{"GET /v1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		 "HTTP/1.1 411 ", "onnection: close"},
		{"GET /v1 HTTP/1.1\r\nContent-Length: 5\r\nHost: x\r\n\r\nabcde", "HTTP/1.1 400 ",
		 "onnection: close"},
		{"POST /v1 HTTP/1.1\r\nContent-Length: 5\r\nHost: x\r\n\r\nabcde", "HTTP/1.1 405 ",
		 "onnection: close"},
		{"GET /v1 HTTP/1.2\r\n" CLOSING, "HTTP/1.1 505 ", "problem+json"},
		{"GET /v1 HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "HTTP/1.1 400 ",
		 "onnection: close"},
		{GET_V1 GET_V1 "GET /v1/x HTTP/1.1\r\n" CLOSING, "HTTP/1.1 200 ", "HTTP/1.1 404 "},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *response = ask_raw(*state, cases[i].request);

		print_message("case %zu\n", i);
		assert_begins(response, cases[i].status);
		assert_non_null(strstr(response, cases[i].says));
	}
}

static void sends_head_without_body(void **state)
{
	const char *response = ask_raw(*state, "HEAD /v1/much HTTP/1.1\r\n" CLOSING);

	assert_begins(response, "HTTP/1.1 200 ");
	assert_non_null(strstr(response, "Content-Length: 3145728\r\n"));
	assert_string_equal(strstr(response, "\r\n\r\n"), "\r\n\r\n");
	response = ask_raw(*state, "GET /v1/much HTTP/1.1\r\n" CLOSING);
	assert_int_equal(strlen(strstr(response, "\r\n\r\n") + 4), 3145728);
}

/* The service itself refuses a head of any size. */
static void bounds_heads(void **state)
{
	static const struct {
		const char *before;
		size_t length;
		const char *after, *status;
	} cases[] = {
		{"GET /", 9000, " HTTP/1.1\r\n" CLOSING, "HTTP/1.1 414 "},
		{"GET /", 70000, " HTTP/1.1\r\n" CLOSING, "HTTP/1.1 414 "},
		{"GET /v1 HTTP/1.1\r\nX: ", 16000, "\r\n" CLOSING, "HTTP/1.1 200 "},
		{"GET /v1 HTTP/1.1\r\nX: ", 17000, "\r\n" CLOSING, "HTTP/1.1 431 "},
		{"GET /v1 HTTP/1.1\r\nX: ", 70000, "\r\n" CLOSING, "HTTP/1.1 431 "},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *text = malloc(cases[i].length + 200),
		     *filling = calloc(1, cases[i].length + 1);
		const char *response;

		memset(filling, 'a', cases[i].length);
		snprintf(text, cases[i].length + 200, "%s%s%s", cases[i].before, filling,
			 cases[i].after);
		print_message("case %zu\n", i);
		response = ask_raw(*state, text);
		assert_begins(response, cases[i].status);
		free(filling);
		free(text);
		if (strstr(cases[i].status, "200"))
			continue;
		assert_non_null(strstr(response, "problem+json"));
		assert_non_null(strstr(response, "\r\nConnection: close\r\n"));
	}
	assert_alive(*state);
}

static void survives_percent_signs_and_resets(void **state)
{
	static const char *const texts[] = {
		"GET /%s%n%d%x?%n%s=%s HTTP/1.1\r\nHost: %n\r\nX-%s: %n%n",
		"POST /v1/%s%n HTTP/1.1\r\nHost: %n\r\nContent-Length: 100\r\n\r\n%s%n",
		"%s%n%n%n%n %n HTTP/1.1\r\n%n: %n\r\n\r\n",
	};
	const struct linger at_once = {.l_onoff = 1};

	for (int round = 0; round < 60; round++) {
		int descriptor = connect_to(*state);

		send_text(descriptor, texts[round % 3]);
		setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
		close(descriptor);
	}
	assert_alive(*state);
}

static void serves_many_concurrent_requests(void **state)
{
	int descriptors[100];
	struct deadline deadline = deadline_after(5000);

	for (size_t i = 0; i < 100; i++) {
		descriptors[i] = connect_to(*state);
		send_text(descriptors[i], "GET /v1/slow HTTP/1.1\r\n" CLOSING);
	}
	for (size_t i = 0; i < 100; i++) {
		assert_begins(receive(descriptors[i], NULL), "HTTP/1.1 200 ");
		close(descriptors[i]);
	}
	/* Sequentially they would take thirty seconds. */
	assert_false(deadline_passed(deadline));
}

static void fails_for_a_busy_port(void **state)
{
	struct config taken = settings;
	const struct server_options options = {
		.config = &taken, .routes = served, .settings = "CYBERTREATY_OTHER_"};
	struct server *other = NULL;
	struct error err;
	char expected[100];

	taken.port = server_port(*state);
	assert_false(server_start(&options, &other, &err));
	snprintf(expected, sizeof expected,
		 "Port %ld on 127.0.0.1 is in use; set CYBERTREATY_OTHER_PORT to another.",
		 taken.port);
	assert_string_equal(err.message, expected);
	assert_int_equal(err.kind, ERROR_UNAVAILABLE);
	taken.address = "nowhere";
	assert_false(server_start(&options, &other, &err));
	assert_non_null(strstr(err.message, "CYBERTREATY_OTHER_ADDRESS"));
}

static void *drain(void *server)
{
	server_drain(server, 10);
	return NULL;
}

static void drains_connections(void **state)
{
	const struct timespec pause = {.tv_nsec = 100000000};
	struct deadline deadline = deadline_after(5000);
	int slow = connect_to(*state), idle = connect_to(*state), fresh = connect_to(*state);
	pthread_t draining;
	const char *response;

	send_text(idle, GET_V1);
	assert_begins(receive(idle, "}"), "HTTP/1.1 200 ");
	send_text(slow, "GET /v1/slow HTTP/1.1\r\nHost: x\r\n\r\n");
	nanosleep(&pause, NULL);
	assert_int_equal(pthread_create(&draining, NULL, drain, *state), 0);
	nanosleep(&pause, NULL);
	assert_int_equal(connect_to(*state), -1);
	send_text(fresh, GET_V1);
	response = receive(fresh, NULL);
	assert_begins(response, "HTTP/1.1 200 ");
	assert_non_null(strstr(response, "Connection: close"));
	response = receive(slow, NULL);
	assert_begins(response, "HTTP/1.1 200 ");
	assert_non_null(strstr(response, "Connection: close"));
	assert_string_equal(receive(idle, NULL), "");
	pthread_join(draining, NULL);
	assert_false(deadline_passed(deadline));
	close(slow);
	close(idle);
	close(fresh);
}

static void closes_idle_connections(void **state)
{
	static const struct network_list none;
	const struct connection_limits limits = {
		.idle = 1, .most = 1, .most_of_client = 1, .trusted = &none};
	struct connection_table *connections;
	struct client_connection *connection;
	struct error err;
	int pair[2];
	char byte;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_true(connection_table_open(&limits, &connections, &err));
	connection = connection_table_add(connections, pair[0], NULL);
	/* A running handler has no idle timeout; an idle client has. */
	connection_table_phase(connection, PHASE_HANDLING);
	sleep(2);
	assert_int_equal(recv(pair[0], &byte, 1, MSG_DONTWAIT), -1);
	connection_table_phase(connection, PHASE_IDLE);
	assert_int_equal(recv(pair[0], &byte, 1, 0), 0);
	assert_false(connection_table_drain(connections, deadline_after(10)));
	connection_table_remove(connections, connection);
	assert_true(connection_table_drain(connections, deadline_after(10)));
	connection_table_close(&connections);
	close(pair[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(responds_to_raw_requests, start, stop_server),
		cmocka_unit_test_setup_teardown(sends_head_without_body, start, stop_server),
		cmocka_unit_test_setup_teardown(bounds_heads, start, stop_server),
		cmocka_unit_test_setup_teardown(survives_percent_signs_and_resets, start,
						stop_server),
		cmocka_unit_test_setup_teardown(serves_many_concurrent_requests, start,
						stop_server),
		cmocka_unit_test_setup_teardown(fails_for_a_busy_port, start, stop_server),
		cmocka_unit_test_setup_teardown(drains_connections, start, stop_server),
		cmocka_unit_test(closes_idle_connections),
	};

	log_threshold(LOG_ERROR); /* no line for each request */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
