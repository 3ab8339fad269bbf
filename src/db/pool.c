#include "db/pool.h"

#include "base/thread.h"
#include "db/connection_setup.h"
#include "db/connector.h"
#include "db/pool_state.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/banned.h"

enum {
	FRESH = 100000,		    /* microseconds after a response in which it is not examined */
	DOUBT_MILLISECONDS = 500,   /* without a response, that confirm the doubt of another */
	OVERDUE_MILLISECONDS = 250, /* that a connect may take in any case */
	CHECK_MILLISECONDS = 1000,  /* from one check of the queries to the next */
	STOP_MILLISECONDS = 1000    /* for the connector, which may be looking up a host name */
};

void pool_give(struct pool *pool, struct connection *connection, enum query_outcome outcome)
{
	struct aftermath aftermath = {0};

	pthread_mutex_lock(&pool->lock);
	pool->lent--;
	if (outcome == QUERY_COMPLETED || outcome == QUERY_STALE) {
		pool_state_responded(pool, &aftermath);
		connection->responded = pool->responded;
	}
	if (outcome == QUERY_STALE || outcome == QUERY_LOST)
		pool_state_retire(pool, connection, &aftermath);
	if (outcome == QUERY_COMPLETED && connection->generation == pool->generation)
		pool_state_return(pool, connection, &aftermath);
	else
		pool_state_discard(pool, connection, &aftermath);
	if (outcome == QUERY_HUNG)
		pool_state_expired(pool, 1, &aftermath);
	pthread_mutex_unlock(&pool->lock);
	pool_state_finish(&aftermath);
}

/* Queries are waiting, and for that long none has got a response. */
static bool lacks_responses(const struct pool *pool, uint64_t microseconds)
{
	return pool->lent > 0 && deadline_microseconds_since(pool->busy) >= microseconds &&
	       deadline_microseconds_since(pool->responded) >= microseconds;
}

void pool_doubt(struct pool *pool)
{
	struct aftermath aftermath = {0};

	pthread_mutex_lock(&pool->lock);
	if (lacks_responses(pool, DOUBT_MILLISECONDS * 1000))
		pool_state_expired(pool, 2, &aftermath);
	else if (pool->expired == 0)
		pool_state_expired(pool, 1, &aftermath);
	pthread_mutex_unlock(&pool->lock);
	pool_state_finish(&aftermath);
}

/* Why the database is down; the lock is held. */
static bool copy_reason(const struct pool *pool, struct error *err)
{
	*err = pool->reason;
	return false;
}

/* There is no connection, and the one that is being made takes longer than a query waits for it:
 * the resolver does not respond, or the host drops what is sent to it. */
static bool connect_overdue(const struct pool *pool)
{
	/* The query that waits longest began just before the connect did. */
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
	if (!pool->down && connect_overdue(pool)) {
		error_set(err, ERROR_UNAVAILABLE, "No connection to the database in time.");
		pool_state_down(pool, err, aftermath);
	}
	return false;
}

static bool borrow(struct pool *pool, struct deadline deadline, struct connection **connection,
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

	/* Ends, since returning a dead one retires all of its generation. A fresh one is not
	 * examined: if it is dead, the query fails and is sent once more. */
	while (borrow(pool, deadline, &taken, err)) {
		if (deadline_microseconds_since(taken->responded) < FRESH ||
		    connection_alive(taken)) {
			*connection = taken;
			return true;
		}
		pool_give(pool, taken, QUERY_LOST);
	}
	return false;
}

bool pool_responded_within(struct pool *pool, long milliseconds)
{
	uint64_t past;
	bool ever;

	pthread_mutex_lock(&pool->lock);
	past = deadline_microseconds_since(pool->responded) / 1000;
	ever = pool->ever_responded;
	pthread_mutex_unlock(&pool->lock);
	return ever && past <= (uint64_t)milliseconds;
}

bool pool_schema_fits(struct pool *pool)
{
	bool fits;

	pthread_mutex_lock(&pool->lock);
	fits = !pool->misfit;
	pthread_mutex_unlock(&pool->lock);
	return fits;
}

void pool_note_schema(struct pool *pool, bool fits, const struct error *reason)
{
	struct aftermath aftermath = {0};

	pthread_mutex_lock(&pool->lock);
	if (!fits)
		pool->misfit_reason = *reason;
	if (fits == pool->misfit)
		pool_state_log(&aftermath, fits ? LOG_INFO : LOG_ERROR,
			       fits ? "schema_restored" : "schema_mismatch", &pool->misfit_reason);
	pool->misfit = !fits;
	pthread_mutex_unlock(&pool->lock);
	pool_state_finish(&aftermath);
}

/* Whether the caller must check the queries. If not, *fits and err tell the present state. */
static bool check_is_due(struct pool *pool, bool *fits, struct error *err)
{
	bool due;

	pthread_mutex_lock(&pool->lock);
	*fits = !pool->misfit;
	due = !*fits && deadline_passed(pool->next_check);
	if (due)
		pool->next_check = deadline_after(CHECK_MILLISECONDS);
	else if (!*fits)
		*err = pool->misfit_reason;
	pthread_mutex_unlock(&pool->lock);
	return due;
}

bool pool_check(struct pool *pool, struct deadline deadline, struct error *err)
{
	struct connection *connection;
	struct error reason;
	bool fits, checked;

	if (!check_is_due(pool, &fits, err))
		return fits;
	if (!pool_take(pool, deadline, &connection, err))
		return false;
	checked = connection_setup_check(connection, deadline, pool->alarm, &fits, &reason, err);
	pool_give(pool, connection, checked ? QUERY_COMPLETED : QUERY_LOST);
	if (!checked)
		return false;
	pool_note_schema(pool, fits, &reason);
	return fits || error_set(err, reason.kind, "%s", reason.message);
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

static void free_pool(struct pool *pool)
{
	pthread_cond_destroy(&pool->work);
	pthread_mutex_destroy(&pool->lock);
	close(pool->stop);
	close(pool->alarm);
	free(pool->url);
	free(pool);
}

static bool prepare_pool(struct pool *pool, const struct db_settings *settings, struct error *err)
{
	pool->settings = *settings;
	pool->settings.url = pool->url = strdup(settings->url);
	wait_queue_init(&pool->waiting);
	pool->stop = eventfd(0, EFD_CLOEXEC);
	pool->alarm = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&pool->lock, NULL);
	thread_condition_init(&pool->work);
	if (!pool->url)
		return error_out_of_memory(err);
	if (pool->stop < 0 || pool->alarm < 0)
		return error_set(err, ERROR_INTERNAL, "The database needs two more descriptors.");
	return thread_start(&pool->connector, "connector", connector_run, pool, err);
}

bool pool_open(const struct db_settings *settings, struct pool **pool, struct error *err)
{
	struct pool *opened = calloc(1, sizeof *opened);

	if (!opened)
		return error_out_of_memory(err);
	if (!prepare_pool(opened, settings, err)) {
		free_pool(opened);
		return false;
	}
	*pool = opened;
	return true;
}

void pool_interrupt(struct pool *pool)
{
	struct aftermath aftermath = {0};
	struct error reason;

	error_set(&reason, ERROR_UNAVAILABLE, "The service is stopping.");
	pthread_mutex_lock(&pool->lock);
	pool->stopping = true;
	pool_state_down(pool, &reason, &aftermath);
	pthread_mutex_unlock(&pool->lock);
	eventfd_write(pool->stop, 1);
	eventfd_write(pool->alarm, 1);
	pool_state_finish(&aftermath);
}

void pool_close(struct pool **pool)
{
	struct aftermath aftermath = {0};
	struct pool *closing = *pool;

	*pool = NULL;
	if (!closing)
		return;
	pool_interrupt(closing);
	/* The resolver cannot be interrupted. Then the thread keeps the pool, and the end of the
	 * process ends both. */
	if (!thread_join(closing->connector, deadline_after(STOP_MILLISECONDS)))
		return;
	pool_state_discard_idle(closing, &aftermath);
	pool_state_finish(&aftermath);
	free_pool(closing);
}
