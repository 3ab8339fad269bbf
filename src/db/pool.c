#include "db/pool.h"

#include "db/connector.h"
#include "db/pool_state.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/banned.h"

enum {
	FRESH = 100000,		   /* microseconds for which one that answered is not looked at */
	DOUBT_MILLISECONDS = 500,  /* without an answer, that confirm somebody else's doubt */
	OVERDUE_MILLISECONDS = 250 /* that a connect may take in any case */
};

void pool_give(struct pool *pool, struct connection *connection, enum outcome outcome)
{
	struct aftermath aftermath = {0};

	pthread_mutex_lock(&pool->lock);
	pool->lent--;
	if (outcome == OUTCOME_ANSWERED || outcome == OUTCOME_STALE) {
		pool_state_heard(pool, &aftermath);
		connection->answered = pool->answered;
	}
	if (outcome == OUTCOME_STALE || outcome == OUTCOME_LOST)
		pool_state_retire(pool, connection, &aftermath);
	if (outcome == OUTCOME_ANSWERED && connection->generation == pool->generation)
		pool_state_return(pool, connection, &aftermath);
	else
		pool_state_discard(pool, connection, &aftermath);
	if (outcome == OUTCOME_SILENT)
		pool_state_unanswered(pool, 1, &aftermath);
	pthread_mutex_unlock(&pool->lock);
	pool_state_finish(&aftermath);
}

/* Somebody waits for an answer, and for that long nobody got one. */
static bool waits_in_vain(const struct pool *pool, uint64_t microseconds)
{
	return pool->lent > 0 && deadline_microseconds_since(pool->busy) >= microseconds &&
	       deadline_microseconds_since(pool->answered) >= microseconds;
}

void pool_doubt(struct pool *pool)
{
	struct aftermath aftermath = {0};

	pthread_mutex_lock(&pool->lock);
	if (waits_in_vain(pool, DOUBT_MILLISECONDS * 1000))
		pool_state_unanswered(pool, 2, &aftermath);
	else if (pool->silent == 0)
		pool_state_unanswered(pool, 1, &aftermath);
	pthread_mutex_unlock(&pool->lock);
	pool_state_finish(&aftermath);
}

/* Why the database is down; the lock is held. */
static bool copy_reason(const struct pool *pool, struct error *err)
{
	*err = pool->reason;
	return false;
}

/* There is no connection, and the one that is being made takes longer than anybody waits for it: a
 * name that is looked up in vain, a host that drops what is sent to it. */
static bool connects_in_vain(const struct pool *pool)
{
	/* Whoever waits that long began just before the connect did. */
	const long wait = pool->settings.pool_wait - pool->settings.pool_wait / 10;
	const long patience = wait > OVERDUE_MILLISECONDS ? wait : OVERDUE_MILLISECONDS;

	return pool->open == 0 && pool->connecting &&
	       deadline_microseconds_since(pool->attempted) >= (uint64_t)patience * 1000;
}

/* Waits until a connection is handed over; the lock is held. */
static bool wait_in_queue(struct pool *pool, struct deadline deadline,
			  struct connection **connection, struct aftermath *aftermath,
			  struct error *err)
{
	struct timespec began;
	bool served;

	clock_gettime(CLOCK_MONOTONIC, &began);
	pool->waiting_now++;
	pthread_cond_signal(&pool->work);
	served = wait_queue_wait(&pool->waiting, &pool->lock, deadline, connection);
	pool->waiting_now--;
	pool->counts.waits++;
	pool->counts.waited_microseconds += deadline_microseconds_since(began);
	if (served)
		return *connection || copy_reason(pool, err);
	pool->counts.waits_expired++;
	error_set(err, ERROR_UNAVAILABLE, "No database connection became free in time.");
	if (!pool->down && connects_in_vain(pool)) {
		error_set(err, ERROR_UNAVAILABLE, "No connection to the database in time.");
		pool_state_down(pool, err, false, aftermath);
	}
	return false;
}

static bool take(struct pool *pool, struct deadline deadline, struct connection **connection,
		 struct error *err)
{
	struct aftermath aftermath = {0};
	bool taken = true;

	pthread_mutex_lock(&pool->lock);
	*connection = pool->idle;
	if (pool->down) {
		taken = copy_reason(pool, err);
	} else if (pool->idle) {
		pool->idle = pool->idle->next;
		pool_state_lend(pool);
	} else {
		taken = wait_in_queue(pool, deadline, connection, &aftermath, err);
	}
	pthread_mutex_unlock(&pool->lock);
	pool_state_finish(&aftermath);
	return taken;
}

bool pool_take(struct pool *pool, struct deadline deadline, struct connection **connection,
	       struct error *err)
{
	struct connection *taken;

	/* Ends, since giving back a dead one retires all of its age. Should one be gone that
	 * answered just now, the query fails and is sent once more. */
	while (take(pool, deadline, &taken, err)) {
		if (deadline_microseconds_since(taken->answered) < FRESH ||
		    connection_alive(taken)) {
			*connection = taken;
			return true;
		}
		pool_give(pool, taken, OUTCOME_LOST);
	}
	return false;
}

bool pool_answered_within(struct pool *pool, long milliseconds)
{
	uint64_t past;
	bool ever;

	pthread_mutex_lock(&pool->lock);
	past = deadline_microseconds_since(pool->answered) / 1000;
	ever = pool->ever_answered;
	pthread_mutex_unlock(&pool->lock);
	return ever && past <= (uint64_t)milliseconds;
}

bool pool_misfits(struct pool *pool)
{
	bool misfits;

	pthread_mutex_lock(&pool->lock);
	misfits = pool->misfit;
	pthread_mutex_unlock(&pool->lock);
	return misfits;
}

void pool_statistics(struct pool *pool, struct db_statistics *statistics)
{
	pthread_mutex_lock(&pool->lock);
	*statistics = pool->counts;
	statistics->size = (uint64_t)pool->settings.pool;
	statistics->open = pool->open;
	statistics->waiting = pool->waiting_now;
	statistics->down = pool->down;
	for (const struct connection *each = pool->idle; each; each = each->next)
		statistics->idle++;
	pthread_mutex_unlock(&pool->lock);
}

static void release(struct pool *pool)
{
	pthread_cond_destroy(&pool->work);
	pthread_mutex_destroy(&pool->lock);
	close(pool->stop);
	close(pool->alarm);
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
	wait_queue_init(&opened->waiting);
	opened->stop = eventfd(0, EFD_CLOEXEC);
	opened->alarm = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&opened->lock, NULL);
	wait_queue_condition(&opened->work);
	if (!opened->url || opened->stop < 0 || opened->alarm < 0 ||
	    pthread_create(&opened->keeper, NULL, connector_run, opened) != 0) {
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
	pool_state_discard_idle(*pool, &aftermath);
	pool_state_finish(&aftermath);
	release(*pool);
	*pool = NULL;
}
