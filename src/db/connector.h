/*
 * connector: the thread that makes all connections of a pool: the first one, those that queries
 * wait for, replacements of old ones, and the attempts while the database is down. So no query's
 * deadline depends on the resolver or a handshake. For db.c.
 */
#pragma once

/* Runs until the pool is stopping; for thread_start, with the struct db as its context. */
void *connector_run(void *context);
