#include "server/connection/linger.h"

#include "base/deadline.h"
#include "http/message/limits.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/banned.h"

void linger(int descriptor)
{
	struct deadline deadline = deadline_after(LIMIT_LINGER_SECONDS * 1000L);
	struct pollfd readable = {.fd = descriptor, .events = POLLIN};
	char dropped[4096];

	shutdown(descriptor, SHUT_WR);
	while (!deadline_passed(deadline)) {
		ssize_t got;

		if (poll(&readable, 1, deadline_left(deadline)) < 0 && errno != EINTR)
			return;
		got = recv(descriptor, dropped, sizeof dropped, MSG_DONTWAIT);
		if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
			return;
	}
}
