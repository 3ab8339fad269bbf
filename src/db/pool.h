/*
 * pool: connections that queries borrow, and whether the database is there. For the files of this
 * folder.
 */
#pragma once
#include "db/connection.h"

struct pool;

/* As db_open. */
MUST_CHECK bool pool_open(const struct db_settings *settings, struct pool **pool,
			  struct error *err);

/* Stops, waiting a second for the connector. No connection is lent. */
void pool_close(struct pool **pool);

/* Lends a connection until pool_give. Fails with ERROR_UNAVAILABLE: at once when the database is
 * down, else when none is free by the deadline. */
MUST_CHECK bool pool_take(struct pool *pool, struct deadline deadline,
			  struct connection **connection, struct error *err);

/* Takes a connection back, with the outcome of its query. */
void pool_give(struct pool *pool, struct connection *connection, enum query_outcome outcome);

/* Notes whether the schema is the one that the queries need; `reason` when it is not. */
void pool_note_schema(struct pool *pool, bool fits, const struct error *reason);

/* See db.h. */
MUST_CHECK bool pool_check(struct pool *pool, struct deadline deadline, struct error *err);
void pool_interrupt(struct pool *pool);
void pool_doubt(struct pool *pool);
bool pool_responded_within(struct pool *pool, long milliseconds);
bool pool_schema_fits(struct pool *pool);
void pool_statistics(struct pool *pool, struct db_statistics *statistics);
