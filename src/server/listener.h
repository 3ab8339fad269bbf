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

/* Before the socket is closed: lets nobody new in, and waits until all who are connected were
 * accepted. Closing it would reset those that wait in its queue, requests and all. */
void listener_settle(int descriptor, struct deadline deadline);
