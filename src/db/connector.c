#include "db/connector.h"

#include "base/thread.h"
#include "db/connection_setup.h"
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

static bool lacks_connection(const struct pool *pool)
{
	return pool->open < (size_t)pool->settings.pool &&
	       (pool->down || pool->open == 0 || pool->waiting.first);
}

/* A full server still responds on the connections that are open. */
static void note_failed_connect(struct pool *pool, const struct error *reason, bool renewal,
				struct aftermath *aftermath)
{
	pool->counts.connects_failed++;
	if (pool->open == 0)
		pool_state_down(pool, reason, aftermath);
	else if (!pool->down && !pool->failure_logged)
		pool_state_log(aftermath, LOG_WARNING, "database_connect_failed", reason);
	pool->failure_logged = true;
	if (renewal)
		pool->rest = deadline_after(REST_MILLISECONDS);
}

static void add_connection(struct pool *pool, struct connection *connection, bool renewal,
			   struct aftermath *aftermath)
{
	long age = pool->settings.age ? pool->settings.age * 1000 : LONG_MAX;

	if (connection->second_best && age > RETURN_MILLISECONDS)
		age = RETURN_MILLISECONDS;
	connection->alarm = pool->alarm;
	connection->due = deadline_after(age);
	pool->open++;
	pool_state_lend(pool);
	pool->counts.connects++;
	pool->failure_logged = false;
	if (!renewal)
		return;
	/* One look in that time is enough for all connections that wait for a standby. */
	if (connection->second_best)
		pool->rest = deadline_after(RETURN_MILLISECONDS);
	pool_state_succeed(pool, aftermath);
}

/* The first connection checks all queries, so that a mistake in one shows at the start. */
static bool open_connection(struct pool *pool, unsigned turn, bool check,
			    struct connection **connection, struct error *err)
{
	/* An operator who allows a query more time expects a slow database. */
	const long time = pool->settings.query_timeout > CONNECT_MILLISECONDS
				  ? pool->settings.query_timeout
				  : CONNECT_MILLISECONDS;
	const struct deadline deadline = deadline_after(time);
	struct error reason;
	bool fits;

	if (!connection_open(&pool->settings, turn, deadline, pool->stop, connection, err))
		return false;
	if (!check)
		return true;
	if (!connection_setup_check(*connection, deadline, pool->stop, &fits, &reason, err)) {
		connection_close(connection);
		return false;
	}
	pool_note_schema(pool, fits, &reason);
	return true;
}

/* Makes one connection, or waits until it is time to try again. Called with the lock held. */
static void try_to_connect(struct pool *pool)
{
	const struct deadline again = deadline_after(PROBE_MILLISECONDS);
	const unsigned generation = pool->generation, turn = pool->turn++;
	const bool renewal = !lacks_connection(pool), check = !pool->checked;
	struct aftermath aftermath = {0};
	struct connection *connection;
	struct error err;
	bool opened;

	pool->connecting = true;
	clock_gettime(CLOCK_MONOTONIC, &pool->attempted);
	pthread_mutex_unlock(&pool->lock);
	opened = open_connection(pool, turn, check, &connection, &err);
	pthread_mutex_lock(&pool->lock);
	pool->connecting = false;
	pool->checked = pool->checked || opened;
	pool->renewal = pool->renewal && !renewal;
	if (opened) {
		connection->generation = generation;
		add_connection(pool, connection, renewal, &aftermath);
	} else if (!pool->stopping) {
		note_failed_connect(pool, &err, renewal, &aftermath);
	}
	pthread_mutex_unlock(&pool->lock);
	pool_state_finish(&aftermath);
	if (opened)
		pool_give(pool, connection, QUERY_COMPLETED);
	pthread_mutex_lock(&pool->lock);
	while (!opened && !pool->stopping && thread_wait(&pool->work, &pool->lock, again))
		continue;
}

void *connector_run(void *context)
{
	struct pool *pool = context;

	pthread_mutex_lock(&pool->lock);
	while (!pool->stopping) {
		if (lacks_connection(pool) || pool->renewal)
			try_to_connect(pool);
		else
			pthread_cond_wait(&pool->work, &pool->lock);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}
