#include "db/pool_state.h"

#include <sys/eventfd.h>

#include "base/banned.h"

enum { EXPIRED_MAXIMUM = 2 }; /* expired deadlines in a row that mean down */

void pool_state_finish(struct aftermath *aftermath)
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

void pool_state_log(struct aftermath *aftermath, enum log_level level, const char *event,
		    const struct error *reason)
{
	aftermath->event = event;
	aftermath->level = level;
	aftermath->reason = *reason;
}

void pool_state_discard(struct pool *pool, struct connection *connection,
			struct aftermath *aftermath)
{
	connection->next = aftermath->discarded;
	aftermath->discarded = connection;
	pool->open--;
	pthread_cond_signal(&pool->work);
}

void pool_state_discard_idle(struct pool *pool, struct aftermath *aftermath)
{
	while (pool->idle) {
		struct connection *connection = pool->idle;

		pool->idle = connection->next;
		pool_state_discard(pool, connection, aftermath);
	}
}

void pool_state_down(struct pool *pool, const struct error *reason, struct aftermath *aftermath)
{
	if (!pool->down && !pool->stopping)
		pool_state_log(aftermath, LOG_ERROR, "database_down", reason);
	pool->down = true;
	pool->reason = *reason;
	pool_state_discard_idle(pool, aftermath);
	while (pool->waiting.first)
		wait_queue_serve(&pool->waiting, NULL);
	pthread_cond_signal(&pool->work);
}

void pool_state_expired(struct pool *pool, unsigned deadlines, struct aftermath *aftermath)
{
	struct error reason;

	pool->expired += deadlines;
	if (pool->expired < EXPIRED_MAXIMUM || pool->down)
		return;
	error_set(&reason, ERROR_UNAVAILABLE, "The database does not respond in time.");
	pool_state_down(pool, &reason, aftermath);
	eventfd_write(pool->alarm, 1);
}

void pool_state_lend(struct pool *pool)
{
	if (pool->lent++ == 0)
		clock_gettime(CLOCK_MONOTONIC, &pool->busy);
}

void pool_state_responded(struct pool *pool, struct aftermath *aftermath)
{
	eventfd_t raised;

	clock_gettime(CLOCK_MONOTONIC, &pool->responded);
	pool->ever_responded = true;
	pool->expired = 0;
	if (!pool->down || pool->stopping)
		return;
	pool->down = false;
	eventfd_read(pool->alarm, &raised);
	pool_state_log(aftermath, LOG_INFO, "database_up", &pool->reason);
}

void pool_state_retire(struct pool *pool, const struct connection *connection,
		       struct aftermath *aftermath)
{
	if (connection->generation != pool->generation)
		return;
	pool->generation++;
	pool->successor = false;
	pool_state_discard_idle(pool, aftermath);
}

void pool_state_return(struct pool *pool, struct connection *connection,
		       struct aftermath *aftermath)
{
	bool due = deadline_passed(connection->due);

	if (due && pool->successor && pool->open > 1) {
		pool->successor = false;
		pool_state_discard(pool, connection, aftermath);
		return;
	}
	if (due && !pool->renewal && deadline_passed(pool->rest)) {
		pool->renewal = true;
		pthread_cond_signal(&pool->work);
	}
	if (pool->waiting.first) {
		pool_state_lend(pool);
		wait_queue_serve(&pool->waiting, connection);
		return;
	}
	connection->next = pool->idle;
	pool->idle = connection;
}

void pool_state_succeed(struct pool *pool, struct aftermath *aftermath)
{
	struct connection **place = &pool->idle;

	while (*place && !deadline_passed((*place)->due))
		place = &(*place)->next;
	pool->successor = !*place;
	if (*place) {
		struct connection *gone = *place;

		*place = gone->next;
		pool_state_discard(pool, gone, aftermath);
	}
}
