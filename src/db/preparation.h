/*
 * preparation: what a new connection needs before a query can be asked: settings and queries.
 * For connection.c.
 */
#pragma once
#include "db/connection.h"

/* The milliseconds after which the server itself ends a query that may take `timeout`. */
long preparation_limit(long timeout);

/* Makes a connection ready by the deadline or until `interrupt` becomes readable. *misfit is set
 * when the server refused a query. Fails with ERROR_UNAVAILABLE. */
MUST_CHECK bool preparation_run(const struct connection *connection, struct deadline deadline,
				int interrupt, bool *misfit, struct error *err);
