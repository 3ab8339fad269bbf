/*
 * session: a separate connection for a command (migrate, import, export).
 *
 * A session belongs to one thread. A query has no time limit; TCP keepalives detect a server that
 * is gone. Unless stated otherwise a function fails with ERROR_UNAVAILABLE when the connection is
 * lost (then the session can only be closed), else with ERROR_INTERNAL and the message of the
 * server, followed by `DETAIL: ...`, `HINT: ...` and `CONTEXT: ...` where it sent them. Warnings of
 * the server go to standard error.
 */
#pragma once
#include <stddef.h>

#include "base/deadline.h"
#include "base/error.h"
#include "db/rows.h"

struct session;

/* Connects. `url` is a libpq connection string or URI; `name` becomes application_name. The time
 * zone is UTC, texts are UTF-8. Fails with ERROR_UNAVAILABLE when that takes more than
 * `milliseconds`, ERROR_BAD_REQUEST when url is not well-formed. With `standby`, of several hosts
 * one that is a standby is preferred, as db does for reads. */
MUST_CHECK bool session_open(const char *url, bool standby, const char *name, long milliseconds,
			     struct session **session, struct error *err);
void session_close(struct session **session);

/* Runs one or more statements, dropping their rows. Outside of a transaction block that the text
 * or the session began, they are one transaction. No COPY FROM STDIN or TO STDOUT in it. */
MUST_CHECK bool session_run(struct session *session, const char *script, struct error *err);

/* Runs one statement with `count` values, each text or NULL for SQL NULL. *rows belongs to the
 * caller; no row is success with count 0. */
MUST_CHECK bool session_query(struct session *session, const char *text, const char *const *values,
			      size_t count, struct rows *rows, struct error *err);

/* COPY ... FROM STDIN: begin, any number of bytes (cut anywhere), end. The server may report an
 * error only at the end; its CONTEXT then has the line. After a failure of
 * session_copy_bytes the COPY is over. */
MUST_CHECK bool session_copy_in(struct session *session, const char *statement, struct error *err);
MUST_CHECK bool session_copy_bytes(struct session *session, const char *bytes, size_t length,
				   struct error *err);
MUST_CHECK bool session_copy_end(struct session *session, struct error *err);

/* The SQLSTATE of the last failure, "" when that is not the server's, and its place in the text of
 * the statement, in characters from 1; 0: unknown. */
const char *session_failed_state(const struct session *session);
long session_failed_position(const struct session *session);

/* Waits for a lock that lives as long as the session (pg_advisory_lock), without a transaction.
 * *held tells whether it was acquired by the deadline. */
MUST_CHECK bool session_lock(struct session *session, long number, struct deadline deadline,
			     bool *held, struct error *err);
