/*
 * pool_state: what a pool knows of its connections and of the database. For pool.c and keeper.c.
 *
 * Every function here is called with the lock held, but for pool_state_finish, which does what
 * needs time: closing connections and writing to the log.
 */
#pragma once
#include <pthread.h>
#include <time.h>

#include "base/log.h"
#include "db/connection.h"
#include "db/wait_queue.h"

struct pool {
	struct db_settings settings; /* with a url of its own */
	char *url;
	pthread_t keeper;
	int stop;  /* an eventfd, readable once the pool is being closed */
	int alarm; /* another, readable while the database counts as down since it is silent */

	pthread_mutex_t lock; /* guards what follows; never held while the database is asked */
	pthread_cond_t work;  /* for the keeper */
	struct connection *idle;
	struct wait_queue waiting;
	size_t waiting_now;   /* how many that are */
	size_t open;	      /* connections, idle and lent */
	size_t lent;	      /* those out of the pool's hands */
	struct timespec busy; /* since when some are lent, if any are */
	bool connecting;      /* the keeper is, and has been since then: */
	struct timespec attempted;
	unsigned generation; /* older connections are not used again */
	unsigned turn;	     /* counts connects, so that hosts take turns */
	unsigned silent;     /* deadlines expired since the last answer */
	bool down, misfit, stopping;
	bool complained;     /* a failed connect was logged, and none has succeeded since */
	struct error reason; /* why it is down */
	bool ever_answered;
	struct timespec answered;    /* last, on the monotonic clock */
	bool renewal;		     /* a connection is due, and another is wanted beside it */
	bool successor;		     /* which has come: the next that is due can go */
	struct deadline rest;	     /* no renewal is wanted before */
	struct db_statistics counts; /* those of its members that only grow */
};

/* What is left to do when the lock is free again. */
struct aftermath {
	struct connection *discarded;
	const char *event; /* to be logged with reason, NULL for none */
	enum log_level level;
	struct error reason;
};

void pool_state_finish(struct aftermath *aftermath);
void pool_state_tell(struct aftermath *aftermath, enum log_level level, const char *event,
		     const struct error *reason);

/* Takes connections out of the pool, to be closed. */
void pool_state_discard(struct pool *pool, struct connection *connection,
			struct aftermath *aftermath);
void pool_state_discard_idle(struct pool *pool, struct aftermath *aftermath);

/* The database cannot be reached, or (misfit) has another schema. */
void pool_state_down(struct pool *pool, const struct error *reason, bool misfit,
		     struct aftermath *aftermath);

/* So many more deadlines have passed without an answer: enough of them in a row mean down, and
 * whoever still waits for an answer is told so. */
void pool_state_unanswered(struct pool *pool, unsigned deadlines, struct aftermath *aftermath);

/* A connection leaves the pool's hands. */
void pool_state_lend(struct pool *pool);

/* The database has answered. */
void pool_state_heard(struct pool *pool, struct aftermath *aftermath);

/* No connection as old as this one is used again: what ended it, a restart or a change of the
 * tables, has most likely befallen them all. */
void pool_state_retire(struct pool *pool, const struct connection *connection,
		       struct aftermath *aftermath);

/* Takes a connection that is good into the hands of who waits, or among the idle ones; one that is
 * due goes when its successor has come. */
void pool_state_return(struct pool *pool, struct connection *connection,
		       struct aftermath *aftermath);

/* A successor has come for a connection that is due. */
void pool_state_succeed(struct pool *pool, struct aftermath *aftermath);
