/*
 * pool_state: the state of a pool: its connections, and whether the database is there. For pool.c
 * and connector.c.
 *
 * Every function here is called with the lock held, except pool_state_finish, which does what takes
 * time: closing connections and writing to the log.
 */
#pragma once
#include <pthread.h>
#include <time.h>

#include "base/log.h"
#include "db/connection.h"
#include "db/wait_queue.h"

struct pool {
	struct db_settings settings; /* url is the pool's copy */
	char *url;
	pthread_t connector;
	int stop;  /* an eventfd, readable once the pool is stopping */
	int alarm; /* another, readable while no response is to be waited for */

	pthread_mutex_t lock; /* guards what follows; not held while the database is queried */
	pthread_cond_t work;  /* for the connector */
	struct connection *idle;
	struct wait_queue waiting;
	size_t waiting_now;   /* its length */
	size_t open;	      /* connections, idle and lent */
	size_t lent;	      /* connections lent to a query */
	struct timespec busy; /* since when some are lent, if any are */
	bool connecting;      /* the connector has been connecting since `attempted` */
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
	struct deadline next_check; /* the earliest time for another check of a misfit */
	bool ever_responded;
	struct timespec responded;   /* last, CLOCK_MONOTONIC */
	bool renewal;		     /* a connection is due, and its replacement is wanted */
	bool successor;		     /* the replacement has come: the next due one can go */
	struct deadline rest;	     /* no renewal is wanted before */
	struct db_statistics counts; /* those of its members that only grow */
};

/* What is left to do when the lock is released. */
struct aftermath {
	struct connection *discarded;
	const char *event; /* to be logged with reason, NULL for none */
	enum log_level level;
	struct error reason;
};

void pool_state_finish(struct aftermath *aftermath);
void pool_state_log(struct aftermath *aftermath, enum log_level level, const char *event,
		    const struct error *reason);

/* Takes connections out of the pool, to be closed. */
void pool_state_discard(struct pool *pool, struct connection *connection,
			struct aftermath *aftermath);
void pool_state_discard_idle(struct pool *pool, struct aftermath *aftermath);

/* Marks the database as down: all waiters fail. */
void pool_state_down(struct pool *pool, const struct error *reason, struct aftermath *aftermath);

/* Counts deadlines that passed without a response: enough of them in a row mark the database as
 * down and end every wait for a result. */
void pool_state_expired(struct pool *pool, unsigned deadlines, struct aftermath *aftermath);

/* Counts a connection as lent. */
void pool_state_lend(struct pool *pool);

/* Notes that the database responded, so that it is not down. */
void pool_state_responded(struct pool *pool, struct aftermath *aftermath);

/* Retires all connections as old as this one: what ended it, a restart or a change of the tables,
 * most likely concerns them all. */
void pool_state_retire(struct pool *pool, const struct connection *connection,
		       struct aftermath *aftermath);

/* Passes a good connection to the first waiter or to the idle ones; a due one goes when its
 * replacement has come. */
void pool_state_return(struct pool *pool, struct connection *connection,
		       struct aftermath *aftermath);

/* Notes that the replacement of a due connection has come. */
void pool_state_succeed(struct pool *pool, struct aftermath *aftermath);
