/*
 * connection_setup: the settings of a new connection, and the check that its server accepts all
 * queries. For the files of this folder.
 */
#pragma once
#include <libpq-fe.h>

#include "base/deadline.h"
#include "base/error.h"
#include "db/db_settings.h"

/* The milliseconds after which the server itself ends a query that may take `timeout`. */
long connection_setup_limit(long timeout);

/* Makes the settings by the deadline or until `interrupt` becomes readable. Fails with
 * ERROR_UNAVAILABLE. */
MUST_CHECK bool connection_setup_apply(PGconn *pg, const struct db_settings *settings,
				       struct deadline deadline, int interrupt, struct error *err);

/* Lets the server parse all queries of the settings, so that one that does not fit its schema is
 * found. *fits tells the result; when it is false, `reason` names the first such query. Fails with
 * ERROR_UNAVAILABLE when the connection can only be closed. */
MUST_CHECK bool connection_setup_check(PGconn *pg, const struct db_settings *settings,
				       struct deadline deadline, int interrupt, bool *fits,
				       struct error *reason, struct error *err);
