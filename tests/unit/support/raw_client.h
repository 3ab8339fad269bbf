/*
 * raw_client: sends bytes to a server on the loopback address. Included once in a test, after
 * fake_routes.h.
 */
#pragma once
#include "server/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/* Settings that the tests of a server share. */
#define LOOPBACK                                                                                   \
	.address = "127.0.0.1", .public_url = "", .origins = "*", .rate_limit = "", .pool = 8,     \
	.queue = 1024, .uploads = 32, .client_uploads = 32, .pool_wait = 1000,                     \
	.query_timeout = 5000, .idle_timeout = 60

static inline int start_server(const struct server_options *options, void **state)
{
	struct server *server = NULL;
	struct error err;

	if (!server_start(options, &server, &err))
		return -1;
	*state = server;
	return 0;
}

static inline int stop_server(void **state)
{
	struct server *server = *state;
	bool drained = server_drain(server, 5);

	server_stop(&server);
	return drained ? 0 : -1;
}

static inline int connect_to(const struct server *server)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons((uint16_t)server_port(server)),
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const struct timeval patience = {.tv_sec = 20};
	int descriptor = socket(AF_INET, SOCK_STREAM, 0);

	setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	if (connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0)
		return descriptor;
	close(descriptor);
	return -1;
}

static inline void send_text(int descriptor, const char *text)
{
	assert_int_equal(send(descriptor, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* Reads until the other side closes or `marker` has come; the text lives until the next call. */
static inline const char *receive(int descriptor, const char *marker)
{
	static char text[4 * 1024 * 1024];
	size_t length = 0;
	ssize_t got = 1;

	text[0] = '\0';
	while (got > 0 && !(marker && strstr(text, marker))) {
		got = recv(descriptor, text + length, sizeof text - 1 - length, 0);
		length += got > 0 ? (size_t)got : 0;
		text[length] = '\0';
	}
	return text;
}
