/*
 * hosts: the hosts that a connection string names, one by one. For connect.c.
 *
 * libpq tries several hosts too, but its asynchronous form knows no time limit for one of them, and
 * a host that takes connections without answering ends its search.
 */
#pragma once
#include <libpq-fe.h>
#include <stddef.h>

#include "base/error.h"

enum { HOSTS_MAXIMUM = 16 };

/* All-zero is empty. */
struct hosts {
	struct host {
		const char *name, *address, *port; /* NULL: libpq's default */
	} each[HOSTS_MAXIMUM];
	size_t count;		   /* at least 1 */
	PQconninfoOption *options; /* of the connection string, in libpq's form */
	char *texts[3];
};

/* Fails with ERROR_BAD_REQUEST when url is no connection string, or its lists do not fit each
 * other. *hosts belongs to the caller (hosts_free), also then. */
MUST_CHECK bool hosts_read(const char *url, struct hosts *hosts, struct error *err);
void hosts_free(struct hosts *hosts);

/* The value of an option of the connection string, NULL when it is not there. */
const char *hosts_option(const struct hosts *hosts, const char *keyword);
