#include "db/pool.h"

#include "base/log.h"
#include "base/thread.h"

#include <string.h>
#include <sys/eventfd.h>

#include "base/banned.h"

enum {
	EXPIRED_MAXIMUM = 2,	   /* expired deadlines in a row that mean down */
	OVERDUE_MILLISECONDS = 250 /* that a connect may take in any case */
};

static void close_connection(struct db *db, struct connection *connection)
{
	connection_close(&connection);
	db->open--;
	pthread_cond_signal(&db->work);
}

void pool_close_idle(struct db *db)
{
	while (db->idle) {
		struct connection *connection = db->idle;

		db->idle = connection->next;
		close_connection(db, connection);
	}
}

static void note_lent(struct db *db)
{
	if (db->lent++ == 0)
		clock_gettime(CLOCK_MONOTONIC, &db->busy);
}

void pool_add(struct db *db, struct connection *connection)
{
	connection->alarm = db->alarm;
	db->open++;
	db->counts.connects++;
	db->failure_logged = false;
	note_lent(db);
}

void pool_note_successor(struct db *db)
{
	struct connection **place = &db->idle;

	while (*place && !deadline_passed((*place)->due))
		place = &(*place)->next;
	db->successor = !*place;
	if (*place) {
		struct connection *due = *place;

		*place = due->next;
		close_connection(db, due);
	}
}

static void serve_waiter(struct db *db, struct connection *connection)
{
	struct waiter *waiter = TAILQ_FIRST(&db->waiting);

	TAILQ_REMOVE(&db->waiting, waiter, place);
	waiter->served = true;
	waiter->connection = connection;
	pthread_cond_signal(&waiter->changed);
}

void pool_down(struct db *db, const struct error *reason)
{
	if (!db->down && !db->stopping)
		log_write(LOG_ERROR, "database_down", LOG_TEXT("detail", reason->message));
	db->down = true;
	db->reason = *reason;
	pool_close_idle(db);
	while (!TAILQ_EMPTY(&db->waiting))
		serve_waiter(db, NULL);
	pthread_cond_signal(&db->work);
}

void pool_expire(struct db *db, unsigned deadlines)
{
	struct error reason;

	db->expired += deadlines;
	if (db->expired < EXPIRED_MAXIMUM || db->down)
		return;
	error_set(&reason, ERROR_UNAVAILABLE, "The database does not respond in time.");
	pool_down(db, &reason);
	eventfd_write(db->alarm, 1);
}

static void note_response(struct db *db)
{
	eventfd_t raised;

	clock_gettime(CLOCK_MONOTONIC, &db->responded);
	db->expired = 0;
	if (!db->down || db->stopping)
		return;
	db->down = false;
	eventfd_read(db->alarm, &raised);
	log_write(LOG_INFO, "database_up", LOG_TEXT("detail", db->reason.message));
}

/* Retires all connections as old as this one: what ended it, a restart or a change of the tables,
 * most likely concerns them all. */
static void retire_generation(struct db *db, const struct connection *connection)
{
	if (connection->generation != db->generation)
		return;
	db->generation++;
	db->successor = false;
	pool_close_idle(db);
}

/* Passes a good connection to the first waiter or to the idle ones. A due one goes when its
 * replacement has come. */
static void reuse_connection(struct db *db, struct connection *connection)
{
	bool due = deadline_passed(connection->due);

	if (due && db->successor && db->open > 1) {
		db->successor = false;
		close_connection(db, connection);
		return;
	}
	if (due && !db->renewal && deadline_passed(db->rest)) {
		db->renewal = true;
		pthread_cond_signal(&db->work);
	}
	if (!TAILQ_EMPTY(&db->waiting)) {
		note_lent(db);
		serve_waiter(db, connection);
		return;
	}
	connection->next = db->idle;
	db->idle = connection;
}

void pool_return(struct db *db, struct connection *connection, enum query_outcome outcome)
{
	pthread_mutex_lock(&db->lock);
	db->lent--;
	if (outcome == QUERY_COMPLETED || outcome == QUERY_STALE)
		note_response(db);
	if (outcome == QUERY_STALE || outcome == QUERY_LOST)
		retire_generation(db, connection);
	if (outcome == QUERY_COMPLETED && connection->generation == db->generation)
		reuse_connection(db, connection);
	else
		close_connection(db, connection);
	if (outcome == QUERY_HUNG)
		pool_expire(db, 1);
	pthread_mutex_unlock(&db->lock);
}

/* Fails with the reason why the database is down. */
static bool copy_reason(const struct db *db, struct error *err)
{
	*err = db->reason;
	return false;
}

/* There is no connection, and the one that is being made takes longer than a query waits for it:
 * the resolver does not respond, or the host drops what is sent to it. */
static bool connect_overdue(const struct db *db)
{
	/* The query that waits longest began just before the connect did. */
	const long wait = db->settings.pool_wait - db->settings.pool_wait / 10;
	const long patience = wait > OVERDUE_MILLISECONDS ? wait : OVERDUE_MILLISECONDS;

	return db->open == 0 && db->connecting &&
	       deadline_microseconds_since(db->attempted) >= (uint64_t)patience * 1000;
}

static bool wait_in_queue(struct db *db, struct deadline deadline, struct connection **connection,
			  struct error *err)
{
	struct waiter waiter = {0};
	struct timespec began;

	clock_gettime(CLOCK_MONOTONIC, &began);
	thread_condition_init(&waiter.changed);
	TAILQ_INSERT_TAIL(&db->waiting, &waiter, place);
	db->waiting_now++;
	pthread_cond_signal(&db->work);
	while (!waiter.served && thread_wait(&waiter.changed, &db->lock, deadline))
		continue;
	db->waiting_now--;
	if (!waiter.served)
		TAILQ_REMOVE(&db->waiting, &waiter, place);
	pthread_cond_destroy(&waiter.changed);
	db->counts.waits++;
	db->counts.waited_microseconds += deadline_microseconds_since(began);
	*connection = waiter.connection;
	if (waiter.served)
		return *connection || copy_reason(db, err);
	db->counts.waits_expired++;
	error_set(err, ERROR_UNAVAILABLE, "No database connection became free in time.");
	if (!db->down && connect_overdue(db)) {
		error_set(err, ERROR_UNAVAILABLE, "No connection to the database in time.");
		pool_down(db, err);
	}
	return false;
}

bool pool_take(struct db *db, struct deadline deadline, struct connection **connection,
	       struct error *err)
{
	bool taken = true;

	pthread_mutex_lock(&db->lock);
	*connection = db->idle;
	if (db->down) {
		taken = copy_reason(db, err);
	} else if (db->idle) {
		db->idle = db->idle->next;
		note_lent(db);
	} else {
		taken = wait_in_queue(db, deadline, connection, err);
	}
	pthread_mutex_unlock(&db->lock);
	return taken;
}

void pool_note_schema(struct db *db, bool fits, const struct error *reason)
{
	pthread_mutex_lock(&db->lock);
	if (!fits)
		db->misfit_reason = *reason;
	if (fits == db->misfit)
		log_write(fits ? LOG_INFO : LOG_ERROR, fits ? "schema_restored" : "schema_mismatch",
			  LOG_TEXT("detail", db->misfit_reason.message));
	db->misfit = !fits;
	pthread_mutex_unlock(&db->lock);
}

static bool is_listed(const char *state, size_t length, const char *const *list)
{
	while (*list && strncmp(state, *list, length) != 0)
		list++;
	return *list;
}

/* Fails with the kind that the server's SQLSTATE means. */
static bool query_failed(struct db *db, const struct query *query, const PGresult *result,
			 struct error *err)
{
	/* Connection, transaction rolled back (a standby cancels a query that conflicts with its
	 * replay), out of resources, a limit or a lock, operator intervention (our
	 * statement_timeout): all of them pass, so the client should try again. */
	static const char *const passing[] = {"08", "40", "53", "55", "57", NULL};
	/* Undefined table, column, function and object, invalid schema name. */
	static const char *const missing[] = {"42P01", "42703", "42883", "42704", "3F000", NULL};
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	bool misfit, passes;

	if (!state || !message)
		return error_set(err, ERROR_INTERNAL, "%s: %s", query->name,
				 PQresultErrorMessage(result));
	/* The server's message quotes our SQL, which clients must not see. */
	if (strncmp(state, "22", 2) == 0)
		return error_tell(err, ERROR_BAD_REQUEST,
				  "A value does not have the form that it must have here.",
				  "Une valeur n’a pas la forme qu’elle doit avoir ici.");
	misfit = is_listed(state, 5, missing);
	/* 42501: the role lacks a right, which the operator must grant. */
	passes = misfit || strcmp(state, "42501") == 0 || is_listed(state, 2, passing);
	error_set(err, passes ? ERROR_UNAVAILABLE : ERROR_INTERNAL, "%s: %s (SQLSTATE %s)",
		  query->name, message, state);
	if (misfit)
		pool_note_schema(db, false, err);
	return false;
}

bool pool_take_rows(struct db *db, const struct query *query, enum query_outcome outcome,
		    PGresult **result, struct rows *rows, struct error *err)
{
	if (outcome == QUERY_LOST)
		return error_set(err, ERROR_UNAVAILABLE, "%s: the connection was lost.",
				 query->name);
	if (outcome == QUERY_LATE || outcome == QUERY_HUNG)
		return error_set(err, ERROR_UNAVAILABLE, "%s: no response in time.", query->name);
	if (!connect_succeeded(*result))
		return query_failed(db, query, *result, err);
	*rows = (struct rows){.count = (size_t)PQntuples(*result),
			      .columns = (size_t)PQnfields(*result),
			      .result = *result};
	*result = NULL;
	return true;
}
