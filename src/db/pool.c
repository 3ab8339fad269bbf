#include "db/pool.h"

#include "base/log.h"
#include "db/queue.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/banned.h"

enum {
	CONNECT_MILLISECONDS = 2000, /* that a connection may take until it is ready */
	PROBE_MILLISECONDS = 250,    /* from one failed connect to the next */
	SILENT_MAXIMUM = 2	     /* expired deadlines in a row that mean down */
};

struct pool {
	struct db_settings settings; /* with a url of its own */
	char *url;
	pthread_t keeper;
	int stop; /* an eventfd, readable once the pool is being closed */

	pthread_mutex_t lock; /* guards what follows; never held while the database is asked */
	pthread_cond_t work;  /* for the keeper */
	struct connection *idle;
	struct queue waiting;
	size_t open;	     /* connections, idle and lent */
	unsigned generation; /* older connections are not used again */
	unsigned silent;     /* deadlines expired since the last answer */
	bool down, misfit, stopping;
	bool complained;     /* a failed connect was logged, and none has succeeded since */
	struct error reason; /* why it is down */
	bool ever_answered;
	struct timespec answered; /* last, on the monotonic clock */
};

/* What is left to do when the lock is free again. */
struct aftermath {
	struct connection *discarded;
	const char *event; /* to be logged with reason, NULL for none */
	enum log_level level;
	struct error reason;
};

static void finish(struct aftermath *aftermath)
{
	while (aftermath->discarded) {
		struct connection *connection = aftermath->discarded;

		aftermath->discarded = connection->next;
		connection_close(&connection);
	}
	if (aftermath->event)
		log_write(aftermath->level, aftermath->event,
			  LOG_TEXT("detail", aftermath->reason.message));
}

static void tell(struct aftermath *aftermath, enum log_level level, const char *event,
		 const struct error *reason)
{
	aftermath->event = event;
	aftermath->level = level;
	aftermath->reason = *reason;
}

/* The functions from here to pool_give are called with the lock held. */

static void discard(struct pool *pool, struct connection *connection, struct aftermath *aftermath)
{
	connection->next = aftermath->discarded;
	aftermath->discarded = connection;
	pool->open--;
	pthread_cond_signal(&pool->work);
}

static void discard_idle(struct pool *pool, struct aftermath *aftermath)
{
	while (pool->idle) {
		struct connection *connection = pool->idle;

		pool->idle = connection->next;
		discard(pool, connection, aftermath);
	}
}

static void go_down(struct pool *pool, const struct error *reason, bool misfit,
		    struct aftermath *aftermath)
{
	/* While it stays down, only a new kind of reason is worth a line. */
	if (!pool->down || pool->misfit != misfit)
		tell(aftermath, LOG_ERROR, misfit ? "database_misfits" : "database_down", reason);
	pool->down = true;
	pool->misfit = misfit;
	pool->reason = *reason;
	discard_idle(pool, aftermath);
	while (pool->waiting.first)
		queue_serve(&pool->waiting, NULL);
	pthread_cond_signal(&pool->work);
}

static void heard(struct pool *pool, struct aftermath *aftermath)
{
	clock_gettime(CLOCK_MONOTONIC, &pool->answered);
	pool->ever_answered = true;
	pool->silent = 0;
	if (!pool->down)
		return;
	pool->down = pool->misfit = false;
	tell(aftermath, LOG_INFO, "database_up", &pool->reason);
}

static void hand_over(struct pool *pool, struct connection *connection)
{
	if (pool->waiting.first) {
		queue_serve(&pool->waiting, connection);
		return;
	}
	connection->next = pool->idle;
	pool->idle = connection;
}

/* No connection as old as this one is used again: what ended it, a restart or a change of the
 * tables, has most likely befallen them all. */
static void retire(struct pool *pool, const struct connection *connection,
		   struct aftermath *aftermath)
{
	if (connection->generation != pool->generation)
		return;
	pool->generation++;
	discard_idle(pool, aftermath);
}

void pool_give(struct pool *pool, struct connection *connection, enum outcome outcome)
{
	struct aftermath aftermath = {0};
	struct error silence;

	pthread_mutex_lock(&pool->lock);
	if (outcome == OUTCOME_ANSWERED || outcome == OUTCOME_STALE)
		heard(pool, &aftermath);
	if (outcome == OUTCOME_STALE || outcome == OUTCOME_LOST)
		retire(pool, connection, &aftermath);
	if (outcome == OUTCOME_ANSWERED && connection->generation == pool->generation)
		hand_over(pool, connection);
	else
		discard(pool, connection, &aftermath);
	if (outcome == OUTCOME_SILENT && ++pool->silent >= SILENT_MAXIMUM && !pool->down) {
		error_set(&silence, ERROR_UNAVAILABLE, "The database does not answer in time.");
		go_down(pool, &silence, false, &aftermath);
	}
	pthread_mutex_unlock(&pool->lock);
	finish(&aftermath);
}

/* Why the database is down; the lock is held. */
static bool copy_reason(const struct pool *pool, struct error *err)
{
	*err = pool->reason;
	return false;
}

/* Waits until a connection is handed over; the lock is held. */
static bool wait_in_queue(struct pool *pool, struct deadline deadline,
			  struct connection **connection, struct error *err)
{
	pthread_cond_signal(&pool->work);
	if (!queue_wait(&pool->waiting, &pool->lock, deadline, connection))
		return error_set(err, ERROR_UNAVAILABLE,
				 "No database connection became free in time.");
	return *connection || copy_reason(pool, err);
}

static bool take(struct pool *pool, struct deadline deadline, struct connection **connection,
		 struct error *err)
{
	bool taken = true;

	pthread_mutex_lock(&pool->lock);
	*connection = pool->idle;
	if (pool->down) {
		taken = copy_reason(pool, err);
	} else if (pool->idle) {
		pool->idle = pool->idle->next;
	} else {
		taken = wait_in_queue(pool, deadline, connection, err);
	}
	pthread_mutex_unlock(&pool->lock);
	return taken;
}

bool pool_take(struct pool *pool, struct deadline deadline, struct connection **connection,
	       struct error *err)
{
	struct connection *taken;

	/* Ends, since giving back a dead one retires all of its age. */
	while (take(pool, deadline, &taken, err)) {
		if (connection_alive(taken)) {
			*connection = taken;
			return true;
		}
		pool_give(pool, taken, OUTCOME_LOST);
	}
	return false;
}

bool pool_answered_within(struct pool *pool, long milliseconds)
{
	struct timespec now;
	long long past;
	bool ever;

	pthread_mutex_lock(&pool->lock);
	clock_gettime(CLOCK_MONOTONIC, &now);
	past = (long long)(now.tv_sec - pool->answered.tv_sec) * 1000 +
	       (now.tv_nsec - pool->answered.tv_nsec) / 1000000;
	ever = pool->ever_answered;
	pthread_mutex_unlock(&pool->lock);
	return ever && past <= milliseconds;
}

bool pool_misfits(struct pool *pool)
{
	bool misfits;

	pthread_mutex_lock(&pool->lock);
	misfits = pool->misfit;
	pthread_mutex_unlock(&pool->lock);
	return misfits;
}

static bool wants_connection(const struct pool *pool)
{
	return pool->open < (size_t)pool->settings.pool &&
	       (pool->down || pool->open == 0 || pool->waiting.first);
}

/* A server that has no connection left to give is still there for those who have one. */
static void connect_failed(struct pool *pool, const struct error *reason, bool misfit,
			   struct aftermath *aftermath)
{
	if (pool->open == 0)
		go_down(pool, reason, misfit, aftermath);
	else if (!pool->down && !pool->complained)
		tell(aftermath, LOG_WARNING, "database_connect_failed", reason);
	pool->complained = true;
}

/* Makes one connection, or waits until it is time to try again. Called and left with the lock. */
static void attempt(struct pool *pool)
{
	const struct deadline again = deadline_after(PROBE_MILLISECONDS);
	const unsigned generation = pool->generation;
	struct aftermath aftermath = {0};
	struct connection *connection;
	struct error err;
	bool opened, misfit;

	pthread_mutex_unlock(&pool->lock);
	opened = connection_open(&pool->settings, deadline_after(CONNECT_MILLISECONDS), pool->stop,
				 &connection, &misfit, &err);
	pthread_mutex_lock(&pool->lock);
	if (opened) {
		connection->generation = generation;
		pool->open++;
		pool->complained = false;
	} else if (!pool->stopping) {
		connect_failed(pool, &err, misfit, &aftermath);
	}
	pthread_mutex_unlock(&pool->lock);
	finish(&aftermath);
	if (opened)
		pool_give(pool, connection, OUTCOME_ANSWERED);
	pthread_mutex_lock(&pool->lock);
	while (!opened && !pool->stopping &&
	       pthread_cond_timedwait(&pool->work, &pool->lock, &again.at) == 0)
		continue;
}

static void *keep(void *context)
{
	struct pool *pool = context;

	pthread_mutex_lock(&pool->lock);
	while (!pool->stopping) {
		if (wants_connection(pool))
			attempt(pool);
		else
			pthread_cond_wait(&pool->work, &pool->lock);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

static void release(struct pool *pool)
{
	pthread_cond_destroy(&pool->work);
	pthread_mutex_destroy(&pool->lock);
	close(pool->stop);
	free(pool->url);
	free(pool);
}

bool pool_open(const struct db_settings *settings, struct pool **pool, struct error *err)
{
	struct pool *opened = calloc(1, sizeof *opened);

	if (!opened)
		return error_out_of_memory(err);
	opened->settings = *settings;
	opened->settings.url = opened->url = strdup(settings->url);
	queue_init(&opened->waiting);
	opened->stop = eventfd(0, EFD_CLOEXEC);
	pthread_mutex_init(&opened->lock, NULL);
	clock_condition(&opened->work);
	if (!opened->url || opened->stop < 0 ||
	    pthread_create(&opened->keeper, NULL, keep, opened) != 0) {
		release(opened);
		return error_set(err, ERROR_INTERNAL, "No thread can be started for the database.");
	}
	*pool = opened;
	return true;
}

void pool_close(struct pool **pool)
{
	struct aftermath aftermath = {0};

	if (!*pool)
		return;
	pthread_mutex_lock(&(*pool)->lock);
	(*pool)->stopping = true;
	pthread_cond_signal(&(*pool)->work);
	pthread_mutex_unlock(&(*pool)->lock);
	eventfd_write((*pool)->stop, 1);
	pthread_join((*pool)->keeper, NULL);
	discard_idle(*pool, &aftermath);
	finish(&aftermath);
	release(*pool);
	*pool = NULL;
}
