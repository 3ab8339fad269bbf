/*
 * Connections of a real server: fragmented, pipelined, incomplete and slow requests.
 */
#include "server/server.h"

#include "base/log.h"
#include "support/fake_routes.h"
#include "server/loop/event_loop_internal.h"
#include "server/loop/request_head.h"
#include "support/raw_client.h"

#include <pthread.h>

#include "base/banned.h"

#define STATUS "HTTP/1.1 200 OK"

enum { LARGE = 4000000, HEAP = 100, MANY = 300, MANY_REQUESTS = 4000 };

#define GET_CACHED "GET /v1/cached HTTP/1.1\r\nHost: x\r\n\r\n"
#define GET_LARGE "GET /v1/large HTTP/1.1\r\nHost: x\r\n\r\n"
#define GET_ECHO "GET /v1/countries HTTP/1.1\r\nHost: x\r\n\r\n"
#define LAST_ECHO "GET /v1/countries HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

static struct config settings = {
	LOOPBACK,
	.log_addresses = "full",
	.trusted_proxies = "127.0.0.1", /* without a limit for one client */
	.connections = MANY,
};

static char large[LARGE];
static struct response_form cached_forms[CODINGS] = {[CODING_IDENTITY] = {"{\"cached\":true}", 15}};
static struct response_form large_forms[CODINGS] = {[CODING_IDENTITY] = {large, LARGE}};
static atomic_int borrowed;

static void release_form(void *holder)
{
	(void)holder;
	atomic_fetch_sub(&borrowed, 1);
}

static bool respond_shared(struct response *response, const char *key,
			   const struct response_form *forms)
{
	atomic_fetch_add(&borrowed, 1);
	handled++;
	response_validators(response, key, 1700000000);
	response_shared(response, "application/json", forms, release_form, &borrowed);
	response->recall_key = key;
	response->recall_serial = 1;
	return true;
}

static bool respond_cached(const struct request *request, struct response *response,
			   struct error *err)
{
	(void)request;
	(void)err;
	return respond_shared(response, "cached", cached_forms);
}

static bool respond_large(const struct request *request, struct response *response,
			  struct error *err)
{
	(void)request;
	(void)err;
	return respond_shared(response, "large", large_forms);
}

static struct recallable recall_any(void *application, const char *key, uint64_t serial)
{
	(void)application;
	(void)serial;
	atomic_fetch_add(&borrowed, 1);
	return (struct recallable){strcmp(key, "cached") == 0 ? cached_forms : large_forms,
				   release_form, &borrowed};
}

static bool respond_after_a_while(const struct request *request, struct response *response,
				  struct error *err)
{
	const struct timespec while_ = {.tv_nsec = 200000000};

	nanosleep(&while_, NULL);
	return respond_with_echo(request, response, err);
}

static const struct route served[] = {
	{"GET", "/v1/cached", "cached", respond_cached, NULL, TAKES(NULL), NULL},
	{"GET", "/v1/large", "large", respond_large, NULL, TAKES(NULL), NULL},
	{"GET", "/v1/countries", "list", respond_with_echo, NULL, TAKES(&by_text), NULL},
	{"GET", "/v1/slow", "slow", respond_after_a_while, NULL, TAKES(NULL), NULL},
	{0},
};

static int start(void **state)
{
	const struct server_options options = {.config = &settings,
					       .routes = served,
					       .application = &settings,
					       .recall = recall_any,
					       .settings = "CYBERTREATY_"};
	struct server *server = NULL;
	struct error err;

	memset(large, 'l', sizeof large);
	if (!server_start(&options, &server, &err))
		return -1;
	*state = server;
	return 0;
}

static int stop(void **state)
{
	struct server *server = *state;

	server_drain(server, 5);
	server_stop(&server);
	assert_int_equal(atomic_load(&borrowed), 0);
	return 0;
}

/* The number of occurrences of a text in another. */
static int times(const char *text, const char *part)
{
	int count = 0;

	while ((text = strstr(text, part))) {
		text += strlen(part);
		count++;
	}
	return count;
}

/* Reads until so many bytes of a body have been received. */
static const char *receive_bytes(int descriptor, size_t wanted)
{
	static char text[LARGE + 4096];
	size_t length = 0;
	const char *body;
	ssize_t got = 1;

	do {
		got = recv(descriptor, text + length, sizeof text - 1 - length, 0);
		assert_true(got > 0);
		length += (size_t)got;
		text[length] = '\0';
		body = strstr(text, "\r\n\r\n");
	} while (!body || length - (size_t)(body + 4 - text) < wanted);
	return text;
}

static void parses_fragmented_request(void **state)
{
	int descriptor = connect_to(*state);
	const struct timespec pause = {.tv_nsec = 1000000};

	for (int round = 0; round < 2; round++) {
		for (const char *at = GET_CACHED; *at; at++) {
			const char piece[] = {*at, '\0'};

			send_text(descriptor, piece);
			nanosleep(&pause, NULL);
		}
		assert_non_null(strstr(receive(descriptor, "}"), "{\"cached\":true}"));
	}
	close(descriptor);
}

/* Hits, misses and erroneous requests in one segment. */
static void responds_to_pipelined_requests_in_order(void **state)
{
	static char heap[HEAP * 200];
	int descriptor = connect_to(*state);
	const char *received, *at;
	size_t length = 0;

	send_text(descriptor, GET_CACHED);
	receive(descriptor, "}");
	for (int i = 0; i < HEAP; i++)
		length += (size_t)snprintf(heap + length, sizeof heap - length,
					   "%sGET /v1/countries?q=%d HTTP/1.1\r\nHost: x\r\n\r\n",
					   GET_CACHED, i);
	snprintf(heap + length, sizeof heap - length,
		 "GET /v1/countries?q=end HTTP/1.1\r\nHost: x\r\nTE: x\r\nConnection: "
		 "close\r\n\r\n");
	send_text(descriptor, heap);
	at = received = receive(descriptor, NULL);
	assert_int_equal(times(received, "{\"cached\":true}"), HEAP);
	assert_int_equal(times(received, "HTTP/1.1 200 OK\r\n"), 2 * HEAP + 1);
	for (int i = 0; i < HEAP; i++) {
		char echoed[20];

		snprintf(echoed, sizeof echoed, "\"q\":\"%d\"", i);
		at = strstr(at, "{\"cached\":true}");
		assert_non_null(at);
		at = strstr(at, echoed);
		assert_non_null(at);
	}
	assert_non_null(strstr(at, "\"q\":\"end\""));
	close(descriptor);
}

static void *send_many(void *context)
{
	static char request[338 + 1];
	const int *descriptor = context;

	snprintf(request, sizeof request,
		 "GET /v1/countries?q=1 HTTP/1.1\r\nHost: x\r\nX: %0*d\r\n\r\n",
		 (int)sizeof request - 1 - 48, 0);
	for (int i = 0; i < MANY_REQUESTS; i++)
		send_text(*descriptor, request);
	return NULL;
}

/* An incomplete head that stayed on the socket would keep its receive buffer full, and the client
 * could not send the rest. */
static void responds_to_more_pipelined_requests_than_the_socket_holds(void **state)
{
	static char text[65536];
	int descriptor = connect_to(*state), count = 0;
	size_t carried = 0, rest;
	pthread_t sender;

	assert_int_equal(pthread_create(&sender, NULL, send_many, &descriptor), 0);
	while (count < MANY_REQUESTS) {
		ssize_t got = recv(descriptor, text + carried, sizeof text - 1 - carried, 0);
		char *at = text, *found;

		assert_true(got > 0);
		text[carried + (size_t)got] = '\0';
		while ((found = strstr(at, STATUS))) {
			at = found + strlen(STATUS);
			count++;
		}
		/* A status line may be split. */
		rest = strlen(at);
		carried = rest < sizeof STATUS - 2 ? rest : sizeof STATUS - 2;
		memmove(text, at + rest - carried, carried);
	}
	pthread_join(sender, NULL);
	close(descriptor);
}

/* More requests than fit into the buffer of a loop. */
static void responds_to_more_pipelined_requests_than_the_buffer_holds(void **state)
{
	static char heap[2 * REQUEST_HEAD_LONGEST];
	int descriptor = connect_to(*state);
	size_t length = 0;

	while (length < sizeof heap - 2 * sizeof GET_CACHED)
		length += (size_t)snprintf(heap + length, sizeof heap - length, "%s", GET_CACHED);
	snprintf(heap + length, sizeof heap - length, "%s", GET_ECHO);
	send_text(descriptor, heap);
	assert_non_null(strstr(receive(descriptor, "\"path\":\"/v1/countries\""), "cached"));
	close(descriptor);
}

/* A client that has shut down its sending side still receives the responses. */
static void responds_after_the_client_half_closes(void **state)
{
	static const char *const texts[] = {
		(GET_CACHED GET_CACHED),
		(GET_ECHO GET_CACHED),
		(GET_CACHED GET_ECHO),
		("GET /v1/slow HTTP/1.1\r\nHost: x\r\n\r\n" GET_CACHED),
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		int descriptor = connect_to(*state);

		send_text(descriptor, texts[i]);
		shutdown(descriptor, SHUT_WR);
		assert_int_equal(times(receive(descriptor, NULL), "HTTP/1.1 200 OK\r\n"), 2);
		close(descriptor);
	}
	for (int i = 0; i < 20; i++) {
		int descriptor = connect_to(*state);

		send_text(descriptor, i % 2 ? GET_ECHO : GET_CACHED);
		shutdown(descriptor, SHUT_WR);
		assert_int_equal(times(receive(descriptor, NULL), "HTTP/1.1 200 OK\r\n"), 1);
		close(descriptor);
	}
}

static void closes_when_the_client_closes_in_a_request(void **state)
{
	static const char *const texts[] = {"", "G", "GET /v1 HTTP/1.1\r\nHost:"};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		int descriptor = connect_to(*state);

		send_text(descriptor, texts[i]);
		shutdown(descriptor, SHUT_WR);
		assert_string_equal(receive(descriptor, NULL), "");
		close(descriptor);
	}
}

/* The unsent rest of a response waits until the socket is writable, without blocking other clients.
 */
static void parks_the_unsent_rest(void **state)
{
	const struct timespec pause = {.tv_nsec = 100000000};
	int slow = connect_to(*state), other = connect_to(*state);

	for (int round = 0; round < 3; round++) {
		const char *body;

		send_text(slow, GET_LARGE);
		nanosleep(&pause, NULL);
		send_text(other, GET_CACHED);
		assert_non_null(strstr(receive(other, "}"), "{\"cached\":true}"));
		body = strstr(receive_bytes(slow, LARGE), "\r\n\r\n") + 4;
		assert_int_equal(strlen(body), LARGE);
		assert_int_equal(strspn(body, "l"), LARGE);
	}
	/* A client that never reads. */
	send_text(slow, GET_LARGE);
	nanosleep(&pause, NULL);
	close(slow);
	close(other);
}

/* The client reads nothing until the socket takes no more of the responses. */
static void responds_to_requests_behind_a_parked_response(void **state)
{
	static char text[65536];
	const struct timespec pause = {.tv_nsec = 100000000};
	int descriptor = connect_to(*state);
	size_t received = 0;
	ssize_t got;
	char last = '\0';

	send_text(descriptor, GET_LARGE);
	receive_bytes(descriptor, LARGE); /* it is in the memo now */
	send_text(descriptor, GET_LARGE GET_LARGE GET_LARGE GET_LARGE LAST_ECHO);
	nanosleep(&pause, NULL);
	while ((got = recv(descriptor, text, sizeof text, 0)) > 0) {
		received += (size_t)got;
		last = text[got - 1];
	}
	assert_int_equal(got, 0);
	assert_true(received > (size_t)4 * LARGE);
	assert_int_equal(last, '}');
	close(descriptor);
}

static void await_open(const struct server *server, uint64_t wanted)
{
	const struct timespec pause = {.tv_nsec = 10000000};
	struct connection_statistics statistics;

	for (int i = 0; i < 1000; i++) {
		server_connections(server, &statistics);
		if (statistics.open == wanted)
			return;
		nanosleep(&pause, NULL);
	}
	fail_msg("%d connections are open, not %d.", (int)statistics.open, (int)wanted);
}

/* At the limit, an idle connection is evicted for every new one. */
static void evicts_one_idle_connection_for_each_new_one(void **state)
{
	static int old[MANY], new[MANY];
	const struct timespec idle = {.tv_sec = 1, .tv_nsec = 200000000};

	for (int i = 0; i < MANY; i++) {
		old[i] = connect_to(*state);
		send_text(old[i], GET_ECHO);
		assert_non_null(strstr(receive(old[i], "}"), "\"path\""));
	}
	nanosleep(&idle, NULL);
	for (int i = 0; i < MANY; i++) {
		new[i] = connect_to(*state);
		send_text(new[i], GET_ECHO);
	}
	for (int i = 0; i < MANY; i++) {
		assert_non_null(strstr(receive(new[i], "}"), "\"path\""));
		close(old[i]);
		close(new[i]);
	}
	await_open(*state, 0);
}

/* Unread bytes of the client must not cause a reset that discards the last response. */
static void delivers_the_last_response_completely(void **state)
{
	for (int round = 0; round < 20; round++) {
		int descriptor = connect_to(*state);
		const char *received;

		send_text(descriptor, LAST_ECHO GET_CACHED GET_CACHED GET_CACHED);
		received = receive(descriptor, NULL);
		assert_int_equal(times(received, "HTTP/1.1 "), 1);
		assert_non_null(strstr(received, "\r\nConnection: close\r\n"));
		assert_int_equal(received[strlen(received) - 1], '}');
		close(descriptor);
	}
}

/* The number of descriptors in each epoll of this process. */
static size_t count_watched(int counts[EVENT_LOOPS_MOST])
{
	size_t epolls = 0;

	for (int number = 0; number < 1024; number++) {
		char path[64], line[256];
		bool is_epoll = false;
		int watched = 0, found;
		FILE *file;

		snprintf(path, sizeof path, "/proc/self/fdinfo/%d", number);
		file = fopen(path, "re");
		while (file && fgets(line, sizeof line, file))
			if (sscanf(line, "tfd: %d", &found) == 1) {
				is_epoll = true;
				watched++;
			}
		if (file)
			fclose(file);
		if (is_epoll && epolls < EVENT_LOOPS_MOST)
			counts[epolls++] = watched;
	}
	return epolls;
}

/* Simultaneous connections are distributed evenly. Two loops that accept at the same moment may
 * choose the same loop once. */
static void distributes_connections_evenly(void **state)
{
	enum { CALLERS = 40 };
	int descriptors[CALLERS], counts[EVENT_LOOPS_MOST], before[EVENT_LOOPS_MOST], sum = 0;
	size_t epolls = count_watched(before);

	for (int i = 0; i < CALLERS; i++)
		descriptors[i] = connect_to(*state);
	for (int i = 0; i < CALLERS; i++) {
		send_text(descriptors[i], GET_ECHO);
		receive(descriptors[i], "}");
	}
	assert_int_equal(count_watched(counts), epolls);
	for (size_t i = 0; i < epolls; i++) {
		assert_in_range(counts[i] - before[i], CALLERS / epolls - 1,
				(CALLERS + epolls - 1) / epolls + 1);
		sum += counts[i] - before[i];
	}
	assert_int_equal(sum, CALLERS);
	for (int i = 0; i < CALLERS; i++)
		close(descriptors[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(distributes_connections_evenly, start, stop),
		cmocka_unit_test_setup_teardown(parses_fragmented_request, start, stop),
		cmocka_unit_test_setup_teardown(responds_to_pipelined_requests_in_order, start,
						stop),
		cmocka_unit_test_setup_teardown(
			responds_to_more_pipelined_requests_than_the_buffer_holds, start, stop),
		cmocka_unit_test_setup_teardown(
			responds_to_more_pipelined_requests_than_the_socket_holds, start, stop),
		cmocka_unit_test_setup_teardown(responds_after_the_client_half_closes, start, stop),
		cmocka_unit_test_setup_teardown(closes_when_the_client_closes_in_a_request, start,
						stop),
		cmocka_unit_test_setup_teardown(parks_the_unsent_rest, start, stop),
		cmocka_unit_test_setup_teardown(responds_to_requests_behind_a_parked_response,
						start, stop),
		cmocka_unit_test_setup_teardown(evicts_one_idle_connection_for_each_new_one, start,
						stop),
		cmocka_unit_test_setup_teardown(delivers_the_last_response_completely, start, stop),
	};

	log_threshold(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
