/*
 * pool: connections that are lent, and whether the database is there. For the files of this folder.
 */
#pragma once
#include "db/connection.h"

struct pool;

/* As db_open. */
MUST_CHECK bool pool_open(const struct db_settings *settings, struct pool **pool,
			  struct error *err);

/* Every connection must have been given back. */
void pool_close(struct pool **pool);

/* Lends a connection until pool_give. Fails with ERROR_UNAVAILABLE: at once when the database is
 * down, else when none is free by the deadline. */
MUST_CHECK bool pool_take(struct pool *pool, struct deadline deadline,
			  struct connection **connection, struct error *err);

/* Takes a connection back, with what became of its query. */
void pool_give(struct pool *pool, struct connection *connection, enum outcome outcome);

/* See db.h. */
void pool_doubt(struct pool *pool);
bool pool_answered_within(struct pool *pool, long milliseconds);
bool pool_misfits(struct pool *pool);
void pool_statistics(struct pool *pool, struct db_statistics *statistics);
