/*
 * access: the one look that the framework does not take before it reads a body.
 */
#pragma once
#include <stdbool.h>

struct MHD_Connection;

/* False when libmicrohttpd was started without it; see access.c. */
bool access_installed(void);

/* What becomes of a body. If it is not read, its connection cannot be used again. */
enum body_fate {
	BODY_READ,
	BODY_ENDLESS,	/* not read: nobody knows where it would end */
	BODY_TOO_LARGE, /* not read: announced as larger than LIMIT_BODY */
};

enum body_fate access_body(struct MHD_Connection *connection);
