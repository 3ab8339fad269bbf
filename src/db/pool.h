/*
 * pool: connections that queries borrow, and whether the database is there. For db.c and
 * transaction.c.
 */
#pragma once
#include <pthread.h>
#include <sys/queue.h>
#include <time.h>

#include "db/connection.h"
#include "db/rows.h"

/* A thread that waits for a connection, on its stack. */
struct waiter {
	TAILQ_ENTRY(waiter) place;
	pthread_cond_t changed;
	bool served;
	struct connection *connection; /* NULL: there will be none */
};

struct db {
	struct db_settings settings; /* url is a copy */
	char *url;
	pthread_t connector;
	int stop;  /* an eventfd, readable once it is stopping */
	int alarm; /* another, readable while no response is to be waited for */

	pthread_mutex_t lock; /* guards what follows; not held while the database is queried */
	pthread_cond_t work;  /* for the connector */
	struct connection *idle;
	TAILQ_HEAD(waiters, waiter) waiting; /* first come, first served */
	size_t waiting_now;		     /* its length */
	size_t open;			     /* connections, idle and lent */
	size_t lent;			     /* connections lent to a query */
	struct timespec busy;		     /* since when some are lent, if any are */
	bool connecting; /* the connector has been connecting since `attempted` */
	struct timespec attempted;
	unsigned generation; /* older connections are not used again */
	unsigned turn;	     /* counts connects, so that hosts take turns */
	unsigned expired;    /* deadlines that passed since the last response */
	bool down, stopping;
	bool failure_logged; /* a failed connect was logged, and none has succeeded since */
	struct error reason; /* why it is down */
	bool checked;	     /* the queries were checked once */
	bool misfit;	     /* the schema is not the one that the queries need */
	struct error misfit_reason;
	struct deadline next_check;  /* the earliest time for another check of a misfit */
	struct timespec responded;   /* last, CLOCK_MONOTONIC */
	bool renewal;		     /* a connection is due, and its replacement is wanted */
	bool successor;		     /* the replacement has come: the next due one can go */
	struct deadline rest;	     /* no renewal is wanted before */
	struct db_statistics counts; /* those of its members that only grow */
};

/* Lends a connection until pool_return. The server may have closed it while it was idle: then the
 * query loses it, and all of its generation with it. Fails with ERROR_UNAVAILABLE: at once when the
 * database is down, else when none is free by the deadline. */
MUST_CHECK bool pool_take(struct db *db, struct deadline deadline, struct connection **connection,
			  struct error *err);

/* Takes a connection back, with the outcome of its query. */
void pool_return(struct db *db, struct connection *connection, enum query_outcome outcome);

/* Notes whether the schema is the one that the queries need; `reason` when it is not. */
void pool_note_schema(struct db *db, bool fits, const struct error *reason);

/* Turns the result of a query into *rows, which belong to the caller; takes ownership of the result
 * on success. Fails as db_rows. */
MUST_CHECK bool pool_take_rows(struct db *db, const struct query *query, enum query_outcome outcome,
			       PGresult **result, struct rows *rows, struct error *err);

/* The functions below are called with the lock held. */

/* Adds a new connection, which is then lent. */
void pool_add(struct db *db, struct connection *connection);

/* Notes that the replacement of a due connection has come. */
void pool_note_successor(struct db *db);

void pool_close_idle(struct db *db);

/* Marks the database as down: all waiters fail. */
void pool_down(struct db *db, const struct error *reason);

/* Counts deadlines that passed without a response: enough of them in a row mark the database as
 * down and end every wait for a result. */
void pool_expire(struct db *db, unsigned deadlines);
