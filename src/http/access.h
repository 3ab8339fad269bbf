/*
 * access: the one look at a request before its body is read.
 */
#pragma once
#include <stdbool.h>

/* False when libmicrohttpd was started without it; see access.c. */
bool access_installed(void);
