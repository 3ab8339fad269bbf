/*
 * A real server under clients of every kind at once, which is stopped while they go on. For the
 * sanitizers: they find races and uses after free between loops, pool, watchdog and Ulfius.
 */
#include "server/server.h"

#include "base/log.h"
#include "support/fake_routes.h"
#include "support/raw_client.h"

#include <poll.h>
#include <pthread.h>

#include "base/banned.h"

enum { CLIENTS = 12, ROUNDS = 3, PIECES = 40 };

#define ECHO "GET /v1/countries?q=%u HTTP/1.1\r\nHost: x\r\n\r\n"
#define UPLOAD                                                                                     \
	"POST /v1/notes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"                 \
	"Content-Length: %zu\r\n\r\n"

static struct config settings = {
	LOOPBACK,
	.log_addresses = "none",
	.trusted_proxies = "127.0.0.1",
	.connections = 40,
};

static const struct route served[] = {
	{"GET", "/v1/countries", "list", respond_with_echo, NULL, TAKES(&by_text), NULL},
	NOTES,
	{0},
};

struct stress_client {
	pthread_t thread;
	unsigned random;
	int port;
	atomic_bool *ending;
	unsigned long complete; /* responses */
};

static unsigned draw_number(struct stress_client *client, unsigned below)
{
	client->random = client->random * 1103515245 + 12345;
	return (client->random >> 16) % below;
}

static int connect_client(const struct stress_client *client)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons((uint16_t)client->port),
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const struct timeval patience = {.tv_sec = 5};
	int descriptor = socket(AF_INET, SOCK_STREAM, 0);

	setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	if (connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0)
		return descriptor;
	close(descriptor);
	return -1;
}

/* Sends a text in pieces of random length; false when the connection is broken. */
static bool send_pieces(struct stress_client *client, int descriptor, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		size_t piece = 1 + draw_number(client, (unsigned)left / 4 + 1);
		ssize_t sent = send(descriptor, text, piece, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		text += sent;
		left -= (size_t)sent;
	}
	return true;
}

/* Reads for a response with an echo of each number from `first`, in their order. A response that is
 * not the expected one fails the test; a connection that the server has ended does not. */
static void read_echoes(struct stress_client *client, int descriptor, unsigned first,
			unsigned count)
{
	char text[32768], expected[32];
	size_t length = 0;
	const char *at = text;

	text[0] = '\0';
	for (unsigned i = 0; i < count;) {
		const char *found;
		ssize_t got;

		snprintf(expected, sizeof expected, "\"q\":\"%u\"", first + i);
		found = strstr(at, "\"q\":\"");
		if (found && strchr(found, '}')) {
			assert_memory_equal(found, expected, strlen(expected));
			at = strchr(found, '}');
			client->complete++;
			i++;
			continue;
		}
		got = recv(descriptor, text + length, sizeof text - 1 - length, 0);
		if (got <= 0)
			return;
		length += (size_t)got;
		text[length] = '\0';
	}
}

static void pipeline_requests(struct stress_client *client, int descriptor)
{
	unsigned first = draw_number(client, 10000), count = 1 + draw_number(client, PIECES);
	char text[PIECES * sizeof ECHO + PIECES * 8];
	size_t length = 0;

	for (unsigned i = 0; i < count; i++)
		length += (size_t)snprintf(text + length, sizeof text - length, ECHO, first + i);
	if (!send_pieces(client, descriptor, text))
		return;
	if (draw_number(client, 3) == 0)
		shutdown(descriptor, SHUT_WR);
	if (draw_number(client, 8) > 0)
		read_echoes(client, descriptor, first, count);
}

static void upload_note(struct stress_client *client, int descriptor)
{
	char text[9000], response[4096];
	size_t size = 20 + draw_number(client, 8000);
	int length = snprintf(text, sizeof text, UPLOAD "{\"title\":\"", size);
	size_t wanted = (size_t)length - strlen("{\"title\":\"") + size, got = 0;
	ssize_t part = 1;

	memset(text + length, 't', wanted - (size_t)length);
	memcpy(text + wanted - 2, "\"}", 3);
	if (draw_number(client, 6) == 0)
		text[draw_number(client, (unsigned)wanted)] = '\0'; /* a part of it alone */
	if (!send_pieces(client, descriptor, text) || strlen(text) < wanted)
		return;
	while (part > 0 && got < sizeof response - 1) {
		part = recv(descriptor, response + got, sizeof response - 1 - got, 0);
		got += part > 0 ? (size_t)part : 0;
	}
	response[got] = '\0';
	if (got == 0)
		return;
	assert_true(strstr(response, "HTTP/1.1 200 ") || strstr(response, "HTTP/1.1 503 "));
	assert_non_null(strstr(response, "onnection: close"));
	client->complete++;
}

static void send_malformed(struct stress_client *client, int descriptor)
{
	static const char *const texts[] = {
		"GET /v1 HTTP/1.1\r\nHost : x\r\n\r\n",
		"POST /v1/notes HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\n",
		"\r\n\r\nG",
	};
	char response[4096];
	ssize_t got;

	if (!send_pieces(client, descriptor, texts[draw_number(client, 3)]) ||
	    draw_number(client, 2) == 0)
		return;
	shutdown(descriptor, SHUT_WR);
	got = recv(descriptor, response, sizeof response - 1, 0);
	if (got <= 0)
		return;
	response[got] = '\0';
	assert_non_null(strstr(response, "HTTP/1.1 400 "));
	client->complete++;
}

static void *act_as_client(void *context)
{
	struct stress_client *client = context;
	const struct linger reset = {.l_onoff = 1};

	while (!atomic_load(client->ending)) {
		int descriptor = connect_client(client);
		unsigned kind = draw_number(client, 6);

		if (descriptor < 0)
			break;
		if (kind < 3)
			pipeline_requests(client, descriptor);
		else if (kind < 5)
			upload_note(client, descriptor);
		else
			send_malformed(client, descriptor);
		if (draw_number(client, 8) == 0)
			setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
		close(descriptor);
	}
	return NULL;
}

static void serve_one_round(unsigned round)
{
	const struct server_options options = {
		.config = &settings, .routes = served, .settings = "CYBERTREATY_"};
	const struct timespec load = {.tv_sec = 1, .tv_nsec = 200000000};
	static struct stress_client clients[CLIENTS];
	atomic_bool ending = false;
	struct server *server = NULL;
	struct error err;

	/* In turn a pool of the usual size, and one that is often full. */
	settings.pool = round % 2 ? 1 : 8;
	settings.queue = round % 2 ? 1 : 1024;
	assert_true(server_start(&options, &server, &err));
	for (unsigned i = 0; i < CLIENTS; i++) {
		clients[i] = (struct stress_client){.random = round * CLIENTS + i,
						    .port = server_port(server),
						    .ending = &ending};
		assert_int_equal(
			pthread_create(&clients[i].thread, NULL, act_as_client, &clients[i]), 0);
	}
	nanosleep(&load, NULL);
	/* Once it drains first, and else stops amid the load. */
	if (round == 0)
		server_drain(server, 5);
	server_stop(&server);
	atomic_store(&ending, true);
	for (unsigned i = 0; i < CLIENTS; i++) {
		pthread_join(clients[i].thread, NULL);
		assert_true(clients[i].complete > 0);
	}
}

static void survives_every_kind_of_client(void **state)
{
	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++)
		serve_one_round(round);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(survives_every_kind_of_client),
	};

	log_threshold(LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
