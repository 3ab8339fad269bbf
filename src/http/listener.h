/*
 * listener: the socket that the server listens on.
 */
#pragma once
#include "base/error.h"

/* Listens on a numeric IPv4 or IPv6 address; port 0 lets the kernel choose, *real_port tells.
 * "::" also takes IPv4. Fails with ERROR_UNAVAILABLE and a sentence that names the setting to
 * change. The caller closes *descriptor. */
MUST_CHECK bool listener_open(const char *address, long port, int *descriptor, int *real_port,
			      struct error *err);
