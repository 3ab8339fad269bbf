/*
 * Responses from the memo on a real server: the same bytes as from dispatch, and when each is used.
 */
#include "server/server.h"

#include "base/log.h"
#include "support/fake_routes.h"
#include "support/raw_client.h"

#include "base/banned.h"

#define BODY "{\"cached\":true}"
#define MODIFIED 1700000000 /* Tue, 14 Nov 2023 22:13:20 GMT */

static struct config settings = {
	LOOPBACK,
	.log_addresses = "full",
	.trusted_proxies = "",
	.connections = 300,
};

static const struct response_form forms[CODINGS] = {[CODING_IDENTITY] = {BODY, sizeof BODY - 1}};
static atomic_int borrowed, recalls;
static atomic_bool gone; /* the cached response is stale */

static void release_form(void *holder)
{
	atomic_fetch_sub((atomic_int *)holder, 1);
}

static bool respond_cached(const struct request *request, struct response *response,
			   struct error *err)
{
	(void)request;
	(void)err;
	handled++;
	atomic_fetch_add(&borrowed, 1);
	response_validators(response, "tag", MODIFIED);
	response_field(response, "Dataset-Revision", "5");
	response_shared(response, "application/json", forms, release_form, &borrowed);
	response->recall_key = "cached";
	response->recall_serial = 3;
	return true;
}

static struct recallable recall_cached(void *application, const char *key, uint64_t serial)
{
	assert_ptr_equal(application, &settings);
	assert_string_equal(key, "cached");
	assert_int_equal(serial, 3);
	if (atomic_load(&gone))
		return (struct recallable){0};
	atomic_fetch_add(&recalls, 1);
	atomic_fetch_add(&borrowed, 1);
	return (struct recallable){forms, release_form, &borrowed};
}

static const struct route served[] = {
	{"GET", "/v1/cached", "cached", respond_cached, NULL, TAKES(NULL), NULL},
	{0},
};

static struct server *begin(const char *limit, const char *trusted, const char *origins)
{
	const struct server_options options = {.config = &settings,
					       .routes = served,
					       .application = &settings,
					       .recall = recall_cached,
					       .settings = "CYBERTREATY_"};
	struct server *server = NULL;
	struct error err;

	settings.rate_limit = limit;
	settings.trusted_proxies = trusted;
	settings.origins = origins;
	atomic_store(&gone, false);
	assert_true(server_start(&options, &server, &err));
	return server;
}

static void end(struct server **server)
{
	server_drain(*server, 5);
	server_stop(server);
	assert_int_equal(atomic_load(&borrowed), 0);
}

enum { LINES = 40, LINE = 512, ANSWER = LINES * LINE };

static int compare(const void *one, const void *other)
{
	return strcmp(one, other);
}

static void add_line(char response[ANSWER], const char *line)
{
	size_t length = strlen(response);

	snprintf(response + length, ANSWER - length, "%s\n", line);
}

/* Sends a request and reads one response, with its fields sorted and without those that always
 * differ. */
static void exchange_text(int descriptor, const char *method, const char *fields,
			  char response[ANSWER])
{
	static char lines[LINES][LINE];
	char request[1024];
	const char *received, *at;
	size_t count = 0;
	bool body;

	snprintf(request, sizeof request, "%s /v1/cached HTTP/1.1\r\nHost: x\r\n%s\r\n", method,
		 fields);
	send_text(descriptor, request);
	received = receive(descriptor, "\r\n\r\n");
	body = strcmp(method, "HEAD") != 0 && !strstr(received, "HTTP/1.1 304");
	for (at = received; *at && *at != '\r'; at = strstr(at, "\r\n") + 2) {
		assert_true(count < LINES);
		if (strncmp(at, "Date: ", 6) != 0 && strncmp(at, "RateLimit: ", 11) != 0)
			snprintf(lines[count++], LINE, "%.*s", (int)strcspn(at, "\r"), at);
	}
	assert_true(count > 3);
	qsort(lines[1], count - 1, LINE, compare);
	*response = '\0';
	for (size_t i = 0; i < count; i++)
		add_line(response, lines[i]);
	at = strstr(received, "\r\n\r\n") + 4;
	if (body)
		add_line(response, *at ? at : receive(descriptor, "}"));
	else
		assert_string_equal(at, "");
}

/* A response came from the memo when no handler ran. */
static void assert_alike(struct server *server, const char *method, const char *fields, bool fast)
{
	static char first[ANSWER], later[ANSWER];
	int descriptor = connect_to(server);
	int before = atomic_load(&recalls);

	print_message("%s %s", method, fields);
	atomic_store(&gone, true);
	exchange_text(descriptor, method, "X-Request-Id: same\r\n", first);
	exchange_text(descriptor, method, fields, first);
	assert_int_equal(atomic_load(&recalls), before);
	atomic_store(&gone, false);
	handled = 0;
	for (int i = 0; i < 3; i++) {
		exchange_text(descriptor, method, fields, later);
		assert_string_equal(later, first);
	}
	assert_int_equal(handled, fast ? 0 : 3);
	assert_int_equal(atomic_load(&recalls) - before, fast ? 3 : 0);
	close(descriptor);
}

#define ID "X-Request-Id: same\r\n"

static const struct {
	const char *fields;
	bool slow;
} cases[] = {
	{.fields = ID},
	{.fields = ID "Accept: */*\r\n"},
	{.fields = ID "Accept: application/json;q=0.5, text/*\r\nAccept-Language: fr, \r\n"},
	{.fields = ID "Accept-Encoding: gzip;q=0, br;q=x\r\n"},
	{.fields = ID "Accept-Encoding:\r\n"},
	{.fields = ID "Origin: https://a.example\r\n"},
	{.fields = ID "Origin: https://b.example\r\n"},
	{.fields = ID "Origin: null\r\n"},
	{.fields = ID "If-None-Match: \"tag\"\r\n"},
	{.fields = ID "If-None-Match: \"a,b\" , W/\"tag\"\r\nOrigin: https://a.example\r\n"},
	{.fields = ID "If-None-Match: *\r\n"},
	{.fields = ID "If-None-Match: tag\r\nIf-Modified-Since: Tue, 14 Nov 2023 22:13:20 GMT\r\n"},
	{.fields = ID "If-None-Match:\r\n"},
	{.fields = ID "If-Modified-Since: Tue, 14 Nov 2023 22:13:20 GMT\r\n"},
	{.fields = ID "If-Modified-Since: Tue, 14 Nov 2023 22:13:19 GMT\r\n"},
	{.fields = ID "Cache-Control: no-cache\r\nPragma: no-cache\r\nIf-None-Match: \"tag\"\r\n"},
	{.fields = ID "Range: bytes=0-1\r\n"},
	{.fields = ID "Connection: keep-alive\r\n"},
	{.fields = ID "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n"},
	{.fields = ID "X-Forwarded-For: 10.1.1.1, 10.2.2.2\r\n"},
	{.fields = ID "Forwarded: for=10.1.1.1;proto=https\r\n"},
	{.fields = ID "Authorization: Bearer x\r\n", .slow = true},
	{.fields = ID "Content-Length: 0\r\nTE: x\r\nUpgrade: h2c\r\n"},
	{.fields = ID "If-None-Match: \"x\"\r\nIf-None-Match: \"tag\"\r\n", .slow = true},
	{.fields = ID "X-Forwarded-For: 10.1.1.1\r\nX-Forwarded-For: 10.2.2.2\r\n", .slow = true},
	{.fields = ID "Accept: a/b\r\nAccept: application/json\r\n", .slow = true},
};

static void sends_the_same_bytes_as_dispatch(void **state)
{
	static const char *const environments[][3] = {
		{"", "", "*"},
		{"100000/60", "127.0.0.0/8", "*"},
		{"", "127.0.0.1", "https://a.example,https://c.example"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof environments / sizeof *environments; i++) {
		struct server *server =
			begin(environments[i][0], environments[i][1], environments[i][2]);

		print_message("environment %zu\n", i);
		for (size_t j = 0; j < sizeof cases / sizeof *cases; j++) {
			assert_alike(server, "GET", cases[j].fields, !cases[j].slow);
			assert_alike(server, "HEAD", cases[j].fields, !cases[j].slow);
		}
		end(&server);
	}
}

static void assert_status(int descriptor, const char *fields, const char *status, int ran)
{
	static char response[ANSWER];

	handled = 0;
	exchange_text(descriptor, "HEAD", fields, response);
	assert_memory_equal(response + strlen("HTTP/1.1 "), status, 3);
	assert_int_equal(handled, ran);
}

/* Requests of one client behind a proxy share an allowance, from the memo or not. */
static void counts_against_the_allowance_of_the_client(void **state)
{
	struct server *server = begin("3/3600", "127.0.0.0/8", "*");
	int descriptor = connect_to(server);

	(void)state;
	assert_status(descriptor, "X-Forwarded-For: 10.1.1.1\r\n", "200", 1);
	assert_status(descriptor, "X-Forwarded-For: 10.1.1.1\r\n", "200", 0);
	for (int i = 0; i < 5; i++)
		assert_status(descriptor, "Forwarded: for=10.1.1.1\r\nIf-None-Match: *\r\n", "304",
			      0);
	assert_status(descriptor, "X-Forwarded-For: 10.1.1.1, 127.0.0.9\r\n", "200", 0);
	assert_status(descriptor, "X-Forwarded-For: 10.1.1.1\r\n", "429", 0);
	assert_status(descriptor, "Forwarded: for=10.1.1.1\r\nIf-None-Match: *\r\n", "429", 0);
	assert_status(descriptor, "X-Forwarded-For: 10.1.1.2\r\n", "200", 0);
	close(descriptor);
	end(&server);
}

static void closes_connections_while_draining(void **state)
{
	struct server *server = begin("", "", "*");
	int descriptor = connect_to(server);
	const char *received;

	(void)state;
	assert_status(descriptor, "", "200", 1);
	assert_status(descriptor, "", "200", 0);
	server_announce_end(server);
	handled = 0;
	send_text(descriptor, "GET /v1/cached HTTP/1.1\r\nHost: x\r\n\r\n");
	received = receive(descriptor, NULL);
	assert_non_null(strstr(received, "\r\nConnection: close\r\n"));
	assert_non_null(strstr(received, BODY));
	assert_int_equal(handled, 0);
	close(descriptor);
	end(&server);
}

static void leaves_other_requests_to_dispatch(void **state)
{
	static const struct {
		const char *request, *says;
		int handled;
	} requests[] = {
		{"GET http://x/v1/cached HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", BODY,
		 1},
		{"POST /v1/cached HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
		 "HTTP/1.1 405 ", 0},
		{"GET /v1/cached HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}",
		 "HTTP/1.1 400 ", 0},
	};
	struct server *server = begin("", "", "*");

	(void)state;
	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
		int descriptor = connect_to(server);

		assert_status(descriptor, "", "200", i == 0);
		handled = 0;
		send_text(descriptor, requests[i].request);
		assert_non_null(strstr(receive(descriptor, NULL), requests[i].says));
		assert_int_equal(handled, requests[i].handled);
		close(descriptor);
	}
	end(&server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sends_the_same_bytes_as_dispatch),
		cmocka_unit_test(counts_against_the_allowance_of_the_client),
		cmocka_unit_test(closes_connections_while_draining),
		cmocka_unit_test(leaves_other_requests_to_dispatch),
	};

	log_threshold(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
