#include "command/local.h"

#include "base/number.h"
#include "base/deadline.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/banned.h"

enum { TIMEOUT_MILLISECONDS = 3000, MOST_BYTES = 16 * 1024 * 1024 };

/* Where to reach a service that listens on `address`: an unspecified one is not a destination. */
static bool peer(const struct config *config, struct sockaddr_storage *address, socklen_t *length)
{
	struct sockaddr_in *four = (struct sockaddr_in *)address;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)address;

	memset(address, 0, sizeof *address);
	if (inet_pton(AF_INET, config->address, &four->sin_addr) == 1) {
		if (four->sin_addr.s_addr == htonl(INADDR_ANY))
			four->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		four->sin_family = AF_INET;
		four->sin_port = htons((uint16_t)config->port);
		*length = sizeof *four;
		return true;
	}
	if (inet_pton(AF_INET6, config->address, &six->sin6_addr) != 1)
		return false;
	if (IN6_IS_ADDR_UNSPECIFIED(&six->sin6_addr))
		six->sin6_addr = in6addr_loopback;
	six->sin6_family = AF_INET6;
	six->sin6_port = htons((uint16_t)config->port);
	*length = sizeof *six;
	return true;
}

/* Reads until the other side closes; false when that does not happen in time or room. */
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

static bool ask(int descriptor, const char *path, struct buffer *bytes)
{
	char question[2048];
	int length =
		snprintf(question, sizeof question,
			 "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path);

	return length > 0 && length < (int)sizeof question &&
	       send(descriptor, question, (size_t)length, MSG_NOSIGNAL) == length &&
	       receive(descriptor, bytes);
}

/* Finds status and body; false when the body is shorter than announced. */
static bool read_answer(struct local_answer *answer)
{
	static const char version[] = "HTTP/1.1 ", field[] = "\r\nContent-Length: ";
	const char *bytes = answer->bytes.bytes, *end = strstr(bytes, "\r\n\r\n");
	const char *announced = strcasestr(bytes, field);
	char digits[20];
	long number;

	answer->body = end ? end + 4 : "";
	if (!end || strncmp(bytes, version, sizeof version - 1) != 0)
		return true;
	snprintf(digits, sizeof digits, "%.3s", bytes + sizeof version - 1);
	if (number_read(digits, 100, 599, &number))
		answer->status = (int)number;
	if (!announced || announced > end)
		return true;
	announced += sizeof field - 1;
	snprintf(digits, sizeof digits, "%.*s", (int)strspn(announced, "0123456789"), announced);
	return number_read(digits, 0, MOST_BYTES, &number) &&
	       (size_t)(answer->body - bytes) + (size_t)number <= answer->bytes.length;
}

enum local_outcome local_get(const struct config *config, const char *path,
			     struct local_answer *answer)
{
	const struct timeval timeout = {.tv_sec = TIMEOUT_MILLISECONDS / 1000};
	struct sockaddr_storage address;
	socklen_t length;
	int descriptor;
	enum local_outcome outcome = LOCAL_SILENT;

	answer->bytes.maximum = MOST_BYTES;
	if (!peer(config, &address, &length))
		return LOCAL_NOBODY;
	descriptor = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (descriptor < 0)
		return LOCAL_NOBODY;
	setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
	if (connect(descriptor, (struct sockaddr *)&address, length) != 0)
		outcome = errno == EINPROGRESS ? LOCAL_SILENT : LOCAL_NOBODY;
	else if (ask(descriptor, path, &answer->bytes) && read_answer(answer))
		outcome = LOCAL_ANSWERED;
	close(descriptor);
	return outcome;
}

void local_free(struct local_answer *answer)
{
	buffer_free(&answer->bytes);
	*answer = (struct local_answer){0};
}
