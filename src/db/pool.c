#include "db/pool.h"

#include "db/keeper.h"
#include "db/pool_state.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/banned.h"

enum {
	SILENT_MAXIMUM = 2, /* expired deadlines in a row that mean down */
	FRESH = 100000,	    /* microseconds for which one that answered is not looked at */
};

void pool_give(struct pool *pool, struct connection *connection, enum outcome outcome)
{
	struct aftermath aftermath = {0};
	struct error silence;

	pthread_mutex_lock(&pool->lock);
	if (outcome == OUTCOME_ANSWERED || outcome == OUTCOME_STALE) {
		state_heard(pool, &aftermath);
		connection->answered = pool->answered;
	}
	if (outcome == OUTCOME_STALE || outcome == OUTCOME_LOST)
		state_retire(pool, connection, &aftermath);
	if (outcome == OUTCOME_ANSWERED && connection->generation == pool->generation)
		state_return(pool, connection, &aftermath);
	else
		state_discard(pool, connection, &aftermath);
	if (outcome == OUTCOME_SILENT && ++pool->silent >= SILENT_MAXIMUM && !pool->down) {
		error_set(&silence, ERROR_UNAVAILABLE, "The database does not answer in time.");
		state_down(pool, &silence, false, &aftermath);
	}
	pthread_mutex_unlock(&pool->lock);
	aftermath_finish(&aftermath);
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
	struct timespec began;
	bool served;

	clock_gettime(CLOCK_MONOTONIC, &began);
	pool->waiting_now++;
	pthread_cond_signal(&pool->work);
	served = queue_wait(&pool->waiting, &pool->lock, deadline, connection);
	pool->waiting_now--;
	pool->counts.waits++;
	pool->counts.waited_microseconds += microseconds_since(began);
	if (!served)
		pool->counts.waits_expired++;
	if (!served)
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

	/* Ends, since giving back a dead one retires all of its age. Should one be gone that
	 * answered just now, the query fails and is sent once more. */
	while (take(pool, deadline, &taken, err)) {
		if (microseconds_since(taken->answered) < FRESH || connection_alive(taken)) {
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
	past = microseconds_since(pool->answered) / 1000;
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
	    pthread_create(&opened->keeper, NULL, keeper_run, opened) != 0) {
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
	state_discard_idle(*pool, &aftermath);
	aftermath_finish(&aftermath);
	release(*pool);
	*pool = NULL;
}
