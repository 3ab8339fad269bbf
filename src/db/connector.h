/*
 * keeper: the thread that makes all connections of a pool: those that somebody waits for, the first
 * one, those that take the place of old ones, and the attempts while the database counts as down.
 * So no borrower's deadline depends on a name look-up or a handshake. For pool.c.
 */
#pragma once

/* Runs until the pool is stopping; for pthread_create, with the struct pool as its context. */
void *connector_run(void *context);
