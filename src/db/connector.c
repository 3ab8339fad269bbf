#include "db/connector.h"

#include "base/log.h"
#include "base/thread.h"
#include "db/connection_setup.h"
#include "db/pool.h"

#include <limits.h>

#include "base/banned.h"

enum {
	CONNECT_MILLISECONDS = 2000, /* that a connection may take until it is ready, at least */
	PROBE_MILLISECONDS = 250,    /* from one failed connect to the next */
	RETURN_MILLISECONDS = 10000, /* from one look for a standby to the next, without one */
	REST_MILLISECONDS = 60000    /* after a renewal that failed */
};

static bool lacks_connection(const struct db *db)
{
	return db->open < (size_t)db->settings.pool &&
	       (db->down || db->open == 0 || !TAILQ_EMPTY(&db->waiting));
}

/* A full server still responds on the connections that are open. */
static void note_failed_connect(struct db *db, const struct error *reason, bool renewal)
{
	db->counts.connects_failed++;
	if (db->open == 0)
		pool_down(db, reason);
	else if (!db->down && !db->failure_logged)
		log_write(LOG_WARNING, "database_connect_failed",
			  LOG_TEXT("detail", reason->message));
	db->failure_logged = true;
	if (renewal)
		db->rest = deadline_after(REST_MILLISECONDS);
}

static void add_connection(struct db *db, struct connection *connection, bool renewal)
{
	long age = db->settings.age ? db->settings.age * 1000 : LONG_MAX;

	if (connection->second_best && age > RETURN_MILLISECONDS)
		age = RETURN_MILLISECONDS;
	connection->due = deadline_after(age);
	pool_add(db, connection);
	if (!renewal)
		return;
	/* One look in that time is enough for all connections that wait for a standby. */
	if (connection->second_best)
		db->rest = deadline_after(RETURN_MILLISECONDS);
	pool_succeed(db);
}

/* The first connection checks all queries, so that a mistake in one shows at the start. */
static bool open_connection(struct db *db, unsigned turn, bool check,
			    struct connection **connection, struct error *err)
{
	/* An operator who allows a query more time expects a slow database. */
	const long time = db->settings.query_timeout > CONNECT_MILLISECONDS
				  ? db->settings.query_timeout
				  : CONNECT_MILLISECONDS;
	const struct deadline deadline = deadline_after(time);
	struct error reason;
	bool fits;

	if (!connection_open(&db->settings, turn, deadline, db->stop, connection, err))
		return false;
	if (!check)
		return true;
	if (!connection_setup_check((*connection)->pg, &db->settings, deadline, db->stop, &fits,
				    &reason, err)) {
		connection_close(connection);
		return false;
	}
	pool_note_schema(db, fits, &reason);
	return true;
}

/* Makes one connection, or waits until it is time to try again. Called with the lock held. */
static void try_to_connect(struct db *db)
{
	const struct deadline again = deadline_after(PROBE_MILLISECONDS);
	const unsigned generation = db->generation, turn = db->turn++;
	const bool renewal = !lacks_connection(db), check = !db->checked;
	struct connection *connection;
	struct error err;
	bool opened;

	db->connecting = true;
	clock_gettime(CLOCK_MONOTONIC, &db->attempted);
	pthread_mutex_unlock(&db->lock);
	opened = open_connection(db, turn, check, &connection, &err);
	pthread_mutex_lock(&db->lock);
	db->connecting = false;
	db->checked = db->checked || opened;
	db->renewal = db->renewal && !renewal;
	if (opened) {
		connection->generation = generation;
		add_connection(db, connection, renewal);
	} else if (!db->stopping) {
		note_failed_connect(db, &err, renewal);
	}
	pthread_mutex_unlock(&db->lock);
	if (opened)
		pool_give(db, connection, QUERY_COMPLETED);
	pthread_mutex_lock(&db->lock);
	while (!opened && !db->stopping && thread_wait(&db->work, &db->lock, again))
		continue;
}

void *connector_run(void *context)
{
	struct db *db = context;

	pthread_mutex_lock(&db->lock);
	while (!db->stopping) {
		if (lacks_connection(db) || db->renewal)
			try_to_connect(db);
		else
			pthread_cond_wait(&db->work, &db->lock);
	}
	pthread_mutex_unlock(&db->lock);
	return NULL;
}
