#include "db/connector.h"

#include "db/pool.h"
#include "db/pool_state.h"

#include <limits.h>

#include "base/banned.h"

enum {
	CONNECT_MILLISECONDS = 2000, /* that a connection may take until it is ready, at least */
	PROBE_MILLISECONDS = 250,    /* from one failed connect to the next */
	RETURN_MILLISECONDS = 10000, /* from one look for a standby to the next, without one */
	REST_MILLISECONDS = 60000    /* after a renewal that failed */
};

/* Somebody needs one more than there are. */
static bool lacks_connection(const struct pool *pool)
{
	return pool->open < (size_t)pool->settings.pool &&
	       (pool->down || pool->open == 0 || pool->waiting.first);
}

/* A server that has no connection left to give is still there for those who have one. */
static void connect_failed(struct pool *pool, const struct error *reason, bool misfit,
			   struct aftermath *aftermath)
{
	pool->counts.connects_failed++;
	if (pool->open == 0)
		pool_state_down(pool, reason, misfit, aftermath);
	else if (!pool->down && !pool->complained)
		pool_state_tell(aftermath, LOG_WARNING, "database_connect_failed", reason);
	pool->complained = true;
}

static void connected(struct pool *pool, struct connection *connection, unsigned generation,
		      bool renewal, struct aftermath *aftermath)
{
	long age = pool->settings.age ? pool->settings.age * 1000 : LONG_MAX;

	if (connection->second_best && age > RETURN_MILLISECONDS)
		age = RETURN_MILLISECONDS;
	connection->generation = generation;
	connection->alarm = pool->alarm;
	connection->due = deadline_after(age);
	pool->open++;
	pool_state_lend(pool);
	pool->counts.connects++;
	pool->complained = false;
	if (!renewal)
		return;
	/* One look in that time is enough, however many wait for a standby to come back. */
	if (connection->second_best)
		pool->rest = deadline_after(RETURN_MILLISECONDS);
	pool_state_succeed(pool, aftermath);
}

/* Makes one connection, or waits until it is time to try again. Called and left with the lock. */
static void attempt(struct pool *pool)
{
	const struct deadline again = deadline_after(PROBE_MILLISECONDS);
	const unsigned generation = pool->generation, turn = pool->turn++;
	const bool renewal = !lacks_connection(pool);
	/* Who gives a query more time knows that things are slow. */
	const long time = pool->settings.query_timeout > CONNECT_MILLISECONDS
				  ? pool->settings.query_timeout
				  : CONNECT_MILLISECONDS;
	struct aftermath aftermath = {0};
	struct connection *connection;
	struct error err;
	bool opened, misfit;

	pool->connecting = true;
	clock_gettime(CLOCK_MONOTONIC, &pool->attempted);
	pthread_mutex_unlock(&pool->lock);
	opened = connection_open(&pool->settings, turn, deadline_after(time), pool->stop,
				 &connection, &misfit, &err);
	pthread_mutex_lock(&pool->lock);
	pool->connecting = false;
	pool->renewal = pool->renewal && !renewal;
	if (opened) {
		connected(pool, connection, generation, renewal, &aftermath);
	} else if (!pool->stopping) {
		connect_failed(pool, &err, misfit, &aftermath);
		if (renewal)
			pool->rest = deadline_after(REST_MILLISECONDS);
	}
	pthread_mutex_unlock(&pool->lock);
	pool_state_finish(&aftermath);
	if (opened)
		pool_give(pool, connection, OUTCOME_ANSWERED);
	pthread_mutex_lock(&pool->lock);
	while (!opened && !pool->stopping &&
	       pthread_cond_timedwait(&pool->work, &pool->lock, &again.at) == 0)
		continue;
}

void *connector_run(void *context)
{
	struct pool *pool = context;

	pthread_mutex_lock(&pool->lock);
	while (!pool->stopping) {
		if (lacks_connection(pool) || pool->renewal)
			attempt(pool);
		else
			pthread_cond_wait(&pool->work, &pool->lock);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}
