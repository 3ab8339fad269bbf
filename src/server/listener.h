/*
 * listener: the listening socket.
 */
#pragma once
#include "base/deadline.h"
#include "base/error.h"

/* Listens on a numeric IPv4 or IPv6 address; "::" accepts IPv4 too. The socket does not block.
 * *real_port is the port, which the kernel chooses when `port` is 0. Fails with ERROR_UNAVAILABLE
 * and a sentence that names the setting to change: `settings` followed by PORT or ADDRESS. The
 * caller closes *descriptor. */
MUST_CHECK bool listener_open(const char *address, long port, const char *settings, int *descriptor,
			      int *real_port, struct error *err);

/* To be called before the socket is closed. Refuses new connections, and waits until those in the
 * queue are accepted: closing the socket would reset them. */
void listener_settle(int descriptor, struct deadline deadline);
