/*
 * Connections of a real server, byte by byte: what comes in pieces, in heaps, half or never.
 */
#include "server/server.h"

#include "base/log.h"
#include "support/fake_routes.h"
#include "server/loop/event_loop.h"
#include "server/loop/request_head.h"
#include "support/raw_client.h"

#include "base/banned.h"

enum { LARGE = 4000000, HEAP = 100, MANY = 300 };

#define GET_KEPT "GET /v1/kept HTTP/1.1\r\nHost: x\r\n\r\n"
#define GET_LARGE "GET /v1/large HTTP/1.1\r\nHost: x\r\n\r\n"
#define GET_ECHO "GET /v1/countries HTTP/1.1\r\nHost: x\r\n\r\n"
#define LAST_ECHO "GET /v1/countries HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

static struct config settings = {
	LOOPBACK,
	.log_addresses = "full",
	.trusted_proxies = "127.0.0.1", /* whose connections are not counted apart */
	.connections = MANY,
};

static char large[LARGE];
static struct response_form kept_forms[CODINGS] = {[CODING_IDENTITY] = {"{\"kept\":true}", 13}};
static struct response_form large_forms[CODINGS] = {[CODING_IDENTITY] = {large, LARGE}};
static atomic_int borrowed;

static void let_go(void *holder)
{
	(void)holder;
	atomic_fetch_sub(&borrowed, 1);
}

static bool give(struct response *response, const char *key, const struct response_form *forms)
{
	atomic_fetch_add(&borrowed, 1);
	handled++;
	response_validators(response, key, 1700000000);
	response_shared(response, "application/json", forms, let_go, &borrowed);
	response_recallable(response, key, 1);
	return true;
}

static bool answer_kept(const struct request *request, struct response *response, struct error *err)
{
	(void)request;
	(void)err;
	return give(response, "kept", kept_forms);
}

static bool answer_large(const struct request *request, struct response *response,
			 struct error *err)
{
	(void)request;
	(void)err;
	return give(response, "large", large_forms);
}

static struct recallable recall_any(void *application, const char *key, uint64_t serial)
{
	(void)application;
	(void)serial;
	atomic_fetch_add(&borrowed, 1);
	return (struct recallable){strcmp(key, "kept") == 0 ? kept_forms : large_forms, let_go,
				   &borrowed};
}

static bool answer_after_a_while(const struct request *request, struct response *response,
				 struct error *err)
{
	const struct timespec while_ = {.tv_nsec = 200000000};

	nanosleep(&while_, NULL);
	return answer_echo(request, response, err);
}

static const struct route served[] = {
	{"GET", "/v1/kept", "kept", answer_kept, NULL, TAKES(NULL), NULL},
	{"GET", "/v1/large", "large", answer_large, NULL, TAKES(NULL), NULL},
	{"GET", "/v1/countries", "list", answer_echo, NULL, TAKES(&by_text), NULL},
	{"GET", "/v1/slow", "slow", answer_after_a_while, NULL, TAKES(NULL), NULL},
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

/* How often a text begins in another. */
static int times(const char *text, const char *part)
{
	int count = 0;

	while ((text = strstr(text, part))) {
		text += strlen(part);
		count++;
	}
	return count;
}

/* Reads until that many bytes of a body have come. */
static const char *hear_bytes(int descriptor, size_t wanted)
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

static void takes_a_request_in_pieces(void **state)
{
	int descriptor = connect_to(*state);
	const struct timespec pause = {.tv_nsec = 1000000};

	for (int round = 0; round < 2; round++) {
		for (const char *at = GET_KEPT; *at; at++) {
			const char piece[] = {*at, '\0'};

			say(descriptor, piece);
			nanosleep(&pause, NULL);
		}
		assert_non_null(strstr(hear(descriptor, "}"), "{\"kept\":true}"));
	}
	close(descriptor);
}

/* Hits, misses and what is not plain, all at once: each is answered, in their order. */
static void answers_a_heap_in_order(void **state)
{
	static char heap[HEAP * 200];
	int descriptor = connect_to(*state);
	const char *heard, *at;
	size_t length = 0;

	say(descriptor, GET_KEPT);
	hear(descriptor, "}");
	for (int i = 0; i < HEAP; i++)
		length += (size_t)snprintf(heap + length, sizeof heap - length,
					   "%sGET /v1/countries?q=%d HTTP/1.1\r\nHost: x\r\n\r\n",
					   GET_KEPT, i);
	snprintf(heap + length, sizeof heap - length,
		 "GET /v1/countries?q=end HTTP/1.1\r\nHost: x\r\nTE: x\r\nConnection: "
		 "close\r\n\r\n");
	say(descriptor, heap);
	at = heard = hear(descriptor, NULL);
	assert_int_equal(times(heard, "{\"kept\":true}"), HEAP);
	assert_int_equal(times(heard, "HTTP/1.1 200 OK\r\n"), 2 * HEAP + 1);
	for (int i = 0; i < HEAP; i++) {
		char echoed[20];

		snprintf(echoed, sizeof echoed, "\"q\":\"%d\"", i);
		at = strstr(at, "{\"kept\":true}");
		assert_non_null(at);
		at = strstr(at, echoed);
		assert_non_null(at);
	}
	assert_non_null(strstr(at, "\"q\":\"end\""));
	close(descriptor);
}

/* More than is looked at together, and all of it plain. */
static void answers_a_large_heap_itself(void **state)
{
	static char heap[2 * REQUEST_HEAD_LONGEST];
	int descriptor = connect_to(*state);
	size_t length = 0;

	while (length < sizeof heap - 2 * sizeof GET_KEPT)
		length += (size_t)snprintf(heap + length, sizeof heap - length, "%s", GET_KEPT);
	snprintf(heap + length, sizeof heap - length, "%s", GET_ECHO);
	say(descriptor, heap);
	assert_non_null(strstr(hear(descriptor, "\"path\":\"/v1/countries\""), "kept"));
	close(descriptor);
}

/* Whoever says that nothing more will come still gets the answers. */
static void answers_who_sends_nothing_more(void **state)
{
	static const char *const texts[] = {
		(GET_KEPT GET_KEPT),
		(GET_ECHO GET_KEPT),
		(GET_KEPT GET_ECHO),
		("GET /v1/slow HTTP/1.1\r\nHost: x\r\n\r\n" GET_KEPT),
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		int descriptor = connect_to(*state);

		say(descriptor, texts[i]);
		shutdown(descriptor, SHUT_WR);
		assert_int_equal(times(hear(descriptor, NULL), "HTTP/1.1 200 OK\r\n"), 2);
		close(descriptor);
	}
	for (int i = 0; i < 20; i++) {
		int descriptor = connect_to(*state);

		say(descriptor, i % 2 ? GET_ECHO : GET_KEPT);
		shutdown(descriptor, SHUT_WR);
		assert_int_equal(times(hear(descriptor, NULL), "HTTP/1.1 200 OK\r\n"), 1);
		close(descriptor);
	}
}

static void ends_who_hangs_up_halfway(void **state)
{
	static const char *const texts[] = {"", "G", "GET /v1 HTTP/1.1\r\nHost:"};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		int descriptor = connect_to(*state);

		say(descriptor, texts[i]);
		shutdown(descriptor, SHUT_WR);
		assert_string_equal(hear(descriptor, NULL), "");
		close(descriptor);
	}
}

/* What the client has no room for waits, and holds up nobody; hits and misses alike. */
static void sends_what_fits_and_the_rest_later(void **state)
{
	const struct timespec pause = {.tv_nsec = 100000000};
	int slow = connect_to(*state), other = connect_to(*state);

	for (int round = 0; round < 3; round++) {
		const char *body;

		say(slow, GET_LARGE);
		nanosleep(&pause, NULL);
		say(other, GET_KEPT);
		assert_non_null(strstr(hear(other, "}"), "{\"kept\":true}"));
		body = strstr(hear_bytes(slow, LARGE), "\r\n\r\n") + 4;
		assert_int_equal(strlen(body), LARGE);
		assert_int_equal(strspn(body, "l"), LARGE);
	}
	/* And one that never takes it. */
	say(slow, GET_LARGE);
	nanosleep(&pause, NULL);
	close(slow);
	close(other);
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

/* At the limit, every idle connection makes room for a new one. */
static void loses_no_place(void **state)
{
	static int old[MANY], new[MANY];
	const struct timespec idle = {.tv_sec = 1, .tv_nsec = 200000000};

	for (int i = 0; i < MANY; i++) {
		old[i] = connect_to(*state);
		say(old[i], GET_ECHO);
		assert_non_null(strstr(hear(old[i], "}"), "\"path\""));
	}
	nanosleep(&idle, NULL);
	for (int i = 0; i < MANY; i++) {
		new[i] = connect_to(*state);
		say(new[i], GET_ECHO);
	}
	for (int i = 0; i < MANY; i++) {
		assert_non_null(strstr(hear(new[i], "}"), "\"path\""));
		close(old[i]);
		close(new[i]);
	}
	await_open(*state, 0);
}

/* Bytes that nobody will read must not take the last answer away. */
static void gives_the_last_answer_whole(void **state)
{
	for (int round = 0; round < 20; round++) {
		int descriptor = connect_to(*state);
		const char *heard;

		say(descriptor, LAST_ECHO GET_KEPT GET_KEPT GET_KEPT);
		heard = hear(descriptor, NULL);
		assert_int_equal(times(heard, "HTTP/1.1 "), 1);
		assert_non_null(strstr(heard, "\r\nConnection: close\r\n"));
		assert_int_equal(heard[strlen(heard) - 1], '}');
		close(descriptor);
	}
}

/* How many descriptors each of this process' epolls has. */
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

/* However many call at once, each loop has as many of them as the others, one more or less. */
static void shares_connections_out(void **state)
{
	enum { CALLERS = 40 };
	int descriptors[CALLERS], counts[EVENT_LOOPS_MOST], before[EVENT_LOOPS_MOST], sum = 0;
	size_t epolls = count_watched(before);

	for (int i = 0; i < CALLERS; i++)
		descriptors[i] = connect_to(*state);
	for (int i = 0; i < CALLERS; i++) {
		say(descriptors[i], GET_ECHO);
		hear(descriptors[i], "}");
	}
	assert_int_equal(count_watched(counts), epolls);
	for (size_t i = 0; i < epolls; i++) {
		assert_in_range(counts[i] - before[i], CALLERS / epolls,
				(CALLERS + epolls - 1) / epolls);
		sum += counts[i] - before[i];
	}
	assert_int_equal(sum, CALLERS);
	for (int i = 0; i < CALLERS; i++)
		close(descriptors[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(shares_connections_out, start, stop),
		cmocka_unit_test_setup_teardown(takes_a_request_in_pieces, start, stop),
		cmocka_unit_test_setup_teardown(answers_a_heap_in_order, start, stop),
		cmocka_unit_test_setup_teardown(answers_a_large_heap_itself, start, stop),
		cmocka_unit_test_setup_teardown(answers_who_sends_nothing_more, start, stop),
		cmocka_unit_test_setup_teardown(ends_who_hangs_up_halfway, start, stop),
		cmocka_unit_test_setup_teardown(sends_what_fits_and_the_rest_later, start, stop),
		cmocka_unit_test_setup_teardown(loses_no_place, start, stop),
		cmocka_unit_test_setup_teardown(gives_the_last_answer_whole, start, stop),
	};

	log_threshold(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
