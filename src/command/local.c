#include "command/local.h"

#include "base/cleanup.h"
#include "base/deadline.h"
#include "base/number.h"
#include "codec/json.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/banned.h"

enum { TIMEOUT_MILLISECONDS = 3000, MOST_BYTES = 16 * 1024 * 1024, JSON_DEPTH = 64 };

/* Reads until the peer closes. Returns false when that takes too long or too many bytes. */
static bool receive(int descriptor, struct buffer *bytes)
{
	struct deadline deadline = deadline_after(TIMEOUT_MILLISECONDS);
	struct pollfd wait = {.fd = descriptor, .events = POLLIN};
	char piece[8192];

	while (!bytes->failed && poll(&wait, 1, deadline_left(deadline)) == 1) {
		ssize_t got = read(descriptor, piece, sizeof piece);

		if (got <= 0)
			return got == 0 && bytes->length > 0;
		buffer_add(bytes, piece, (size_t)got);
	}
	return false;
}

static bool send_request(int descriptor, const char *path, struct buffer *bytes)
{
	char request[2048];
	int length =
		snprintf(request, sizeof request,
			 "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path);

	return length > 0 && length < (int)sizeof request &&
	       send(descriptor, request, (size_t)length, MSG_NOSIGNAL) == length &&
	       receive(descriptor, bytes);
}

/* Finds status and body. Returns false when the body is shorter than its Content-Length. */
static bool read_response(struct local_response *response)
{
	static const char version[] = "HTTP/1.1 ", field[] = "\r\nContent-Length: ";
	const char *bytes = response->bytes.bytes, *end = strstr(bytes, "\r\n\r\n");
	const char *announced = strcasestr(bytes, field);
	char digits[20];
	long number;

	response->body = end ? end + 4 : "";
	if (!end || strncmp(bytes, version, sizeof version - 1) != 0)
		return true;
	snprintf(digits, sizeof digits, "%.3s", bytes + sizeof version - 1);
	if (number_read(digits, 100, 599, &number))
		response->status = (int)number;
	if (!announced || announced > end)
		return true;
	announced += sizeof field - 1;
	snprintf(digits, sizeof digits, "%.*s", (int)strspn(announced, "0123456789"), announced);
	return number_read(digits, 0, MOST_BYTES, &number) &&
	       (size_t)(response->body - bytes) + (size_t)number <= response->bytes.length;
}

static void free_destination(struct addrinfo **destination)
{
	if (*destination)
		freeaddrinfo(*destination);
}

/* The kernel connects to a loopback address when the address of the settings is unspecified. */
enum local_outcome local_get(const struct config *config, const char *path,
			     struct local_response *response)
{
	const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
				       .ai_socktype = SOCK_STREAM};
	const struct timeval timeout = {.tv_sec = TIMEOUT_MILLISECONDS / 1000};
	CLEANUP(free_destination) struct addrinfo *to = NULL;
	CLEANUP(cleanup_descriptor) int descriptor = -1;
	char port[24];

	response->bytes.maximum = MOST_BYTES;
	snprintf(port, sizeof port, "%ld", config->port);
	if (getaddrinfo(config->address, port, &hints, &to) != 0)
		return LOCAL_REFUSED;
	descriptor = socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (descriptor < 0)
		return LOCAL_REFUSED;
	setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
	if (connect(descriptor, to->ai_addr, to->ai_addrlen) != 0)
		return errno == EINPROGRESS ? LOCAL_TIMEOUT : LOCAL_REFUSED;
	return send_request(descriptor, path, &response->bytes) && read_response(response)
		       ? LOCAL_RESPONSE
		       : LOCAL_TIMEOUT;
}

json_t *local_json(const struct local_response *response)
{
	const size_t length = strlen(response->body);

	if (!json_depth_within(response->body, length, JSON_DEPTH))
		return NULL;
	return json_loadb(response->body, length, JSON_REJECT_DUPLICATES, NULL);
}

void local_free(struct local_response *response)
{
	buffer_free(&response->bytes);
	*response = (struct local_response){0};
}
