/*
 * listener: the socket that the server listens on.
 */
#pragma once
#include "base/deadline.h"
#include "base/error.h"

/* Listens on a numeric IPv4 or IPv6 address; port 0 lets the kernel choose, *real_port tells.
 * "::" also takes IPv4. Fails with ERROR_UNAVAILABLE and a sentence that names the setting to
 * change, `settings` followed by PORT or ADDRESS. The caller closes *descriptor. */
MUST_CHECK bool listener_open(const char *address, long port, const char *settings, int *descriptor,
			      int *real_port, struct error *err);

/* Call it before the socket is closed: drops new connection requests, and waits until the backlog
 * is empty. Closing the socket would reset the connections in the backlog, with their requests. */
void listener_settle(int descriptor, struct deadline deadline);
