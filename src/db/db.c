#include "db/db.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/thread.h"
#include "db/connect.h"
#include "db/pool.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/banned.h"

enum {
	CONNECT_MILLISECONDS = 2000, /* that a connection may take until it is ready, at least */
	PROBE_MILLISECONDS = 250,    /* from one failed connect to the next */
	RETURN_MILLISECONDS = 10000, /* from one look for a standby to the next, without one */
	REST_MILLISECONDS = 60000,   /* after a renewal that failed */
	DOUBT_MILLISECONDS = 500,    /* without a response, that confirm the doubt of another */
	CHECK_MILLISECONDS = 1000,   /* from one check of the queries to the next */
	STOP_MILLISECONDS = 1000     /* for the connector, which may be looking up a host name */
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
		log_write(LOG_WARNING, "database_connection_failed",
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
	pool_note_successor(db);
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
	if (!connection_check((*connection)->pg, &db->settings, deadline, db->stop, &fits, &reason,
			      err)) {
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
		pool_return(db, connection, QUERY_COMPLETED);
	pthread_mutex_lock(&db->lock);
	while (!opened && !db->stopping && thread_wait(&db->work, &db->lock, again))
		continue;
}

/* The thread that makes all connections of a pool: the first one, those that queries wait for,
 * replacements of old ones, and the attempts while the database is down. So no query's deadline
 * depends on the resolver or a handshake. */
static void *connect_until_stopped(void *context)
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

static void free_db(struct db *db)
{
	pthread_cond_destroy(&db->work);
	pthread_mutex_destroy(&db->lock);
	close(db->stop);
	close(db->alarm);
	free(db->url);
	free(db);
}

static bool start_pool(struct db *db, const struct db_settings *settings, struct error *err)
{
	db->settings = *settings;
	db->settings.url = db->url = strdup(settings->url);
	TAILQ_INIT(&db->waiting);
	db->stop = eventfd(0, EFD_CLOEXEC);
	db->alarm = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&db->lock, NULL);
	thread_condition_init(&db->work);
	if (!db->url)
		return error_out_of_memory(err);
	if (db->stop < 0 || db->alarm < 0)
		return error_set(err, ERROR_INTERNAL, "The database needs two more descriptors.");
	return thread_start(&db->connector, "connector", connect_until_stopped, db, err);
}

bool db_open(const struct db_settings *settings, struct db **db, struct error *err)
{
	struct db *opened;

	if (!connect_url_valid(settings->url, err))
		return false;
	opened = calloc(1, sizeof *opened);
	if (!opened)
		return error_out_of_memory(err);
	if (!start_pool(opened, settings, err)) {
		free_db(opened);
		return false;
	}
	*db = opened;
	return true;
}

void db_interrupt(struct db *db)
{
	struct error reason;

	error_set(&reason, ERROR_UNAVAILABLE, "The service is stopping.");
	pthread_mutex_lock(&db->lock);
	db->stopping = true;
	pool_down(db, &reason);
	pthread_mutex_unlock(&db->lock);
	eventfd_write(db->stop, 1);
	eventfd_write(db->alarm, 1);
}

void db_close(struct db **db)
{
	struct db *closing = *db;

	*db = NULL;
	if (!closing)
		return;
	db_interrupt(closing);
	/* The resolver cannot be interrupted. Then the thread and what it uses stay until the
	 * process ends. */
	if (!thread_join(closing->connector, deadline_after(STOP_MILLISECONDS)))
		return;
	pool_close_idle(closing);
	free_db(closing);
}

static bool query_once(struct db *db, const struct query *query, const char *const *values,
		       long timeout, struct deadline deadline, enum query_outcome *outcome,
		       struct rows *rows, struct error *err)
{
	CLEANUP(connect_clear) PGresult *result = NULL;
	struct deadline wait = deadline_after(db->settings.pool_wait);
	struct connection *connection;

	*outcome = QUERY_COMPLETED;
	if (!pool_take(db, deadline_earlier(deadline, wait), &connection, err))
		return false;
	deadline = deadline_earlier(deadline, deadline_after(timeout));
	*outcome = connection_query(connection, query, values, timeout, deadline, &result);
	pool_return(db, connection, *outcome);
	return pool_take_rows(db, query, *outcome, &result, rows, err);
}

static bool query_with_retry(struct db *db, const struct query *query, const char *const *values,
			     long timeout, struct deadline deadline, struct rows *rows,
			     struct error *err)
{
	enum query_outcome outcome;
	struct error first;

	if (query_once(db, query, values, timeout, deadline, &outcome, rows, &first))
		return true;
	if (outcome != QUERY_LOST && outcome != QUERY_STALE) {
		*err = first;
		return false;
	}
	return query_once(db, query, values, timeout, deadline, &outcome, rows, err);
}

bool db_rows(struct db *db, const struct query *query, const char *const *values,
	     struct deadline deadline, struct rows *rows, struct error *err)
{
	return query_with_retry(db, query, values, db->settings.query_timeout, deadline, rows, err);
}

bool db_rows_bulk(struct db *db, const struct query *query, const char *const *values,
		  struct deadline deadline, struct rows *rows, struct error *err)
{
	return query_with_retry(db, query, values, db->settings.bulk_timeout, deadline, rows, err);
}

/* Queries are waiting, and for that long none has got a response. */
static bool lacks_responses(const struct db *db, uint64_t microseconds)
{
	return db->lent > 0 && deadline_microseconds_since(db->busy) >= microseconds &&
	       deadline_microseconds_since(db->responded) >= microseconds;
}

void db_doubt(struct db *db)
{
	pthread_mutex_lock(&db->lock);
	if (lacks_responses(db, DOUBT_MILLISECONDS * 1000))
		pool_expire(db, 2);
	else if (db->expired == 0)
		pool_expire(db, 1);
	pthread_mutex_unlock(&db->lock);
}

bool db_schema_fits(struct db *db)
{
	bool fits;

	pthread_mutex_lock(&db->lock);
	fits = !db->misfit;
	pthread_mutex_unlock(&db->lock);
	return fits;
}

/* Whether the caller must check the queries. If not, *fits and err tell the present state. */
static bool check_is_due(struct db *db, bool *fits, struct error *err)
{
	bool due;

	pthread_mutex_lock(&db->lock);
	*fits = !db->misfit;
	due = !*fits && deadline_passed(db->next_check);
	if (due)
		db->next_check = deadline_after(CHECK_MILLISECONDS);
	else if (!*fits)
		*err = db->misfit_reason;
	pthread_mutex_unlock(&db->lock);
	return due;
}

bool db_check(struct db *db, struct deadline deadline, struct error *err)
{
	struct connection *connection;
	struct error reason;
	bool fits, checked;

	if (!check_is_due(db, &fits, err))
		return fits;
	if (!pool_take(db, deadline, &connection, err))
		return false;
	checked = connection_check(connection->pg, &db->settings, deadline, db->alarm, &fits,
				   &reason, err);
	pool_return(db, connection, checked ? QUERY_COMPLETED : QUERY_LOST);
	if (!checked)
		return false;
	pool_note_schema(db, fits, &reason);
	return fits || error_set(err, reason.kind, "%s", reason.message);
}

void db_statistics(struct db *db, struct db_statistics *statistics)
{
	pthread_mutex_lock(&db->lock);
	*statistics = db->counts;
	statistics->size = (uint64_t)db->settings.pool;
	statistics->open = db->open;
	statistics->waiting = db->waiting_now;
	statistics->down = db->down;
	for (const struct connection *each = db->idle; each; each = each->next)
		statistics->idle++;
	pthread_mutex_unlock(&db->lock);
}
