#include "http/connections.h"

#include "http/limits.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/banned.h"

enum {
	TICK = 1000, /* milliseconds between two looks */
	DRAIN_TICK = 50,
	DRAIN_IDLE = 200, /* an idle connection's last chance to send a request */
};

struct connections {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* a connection went, or the end came */
	pthread_t watchdog;
	struct connection *first;
	uint64_t idle;
	uint64_t drained_since; /* 0 until then */
	bool ending;
	atomic_bool draining;
};

static uint64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void connection_phase(struct connection *connection, enum phase phase)
{
	atomic_store_explicit(&connection->state, milliseconds() << 2 | (uint64_t)phase,
			      memory_order_relaxed);
}

static uint64_t limit_of(const struct connections *connections, enum phase phase)
{
	switch (phase) {
	case PHASE_IDLE:
		return atomic_load(&connections->draining) ? DRAIN_IDLE : connections->idle;
	case PHASE_READING:
		return LIMIT_READ_SECONDS * 1000;
	case PHASE_WRITING:
		return LIMIT_WRITE_SECONDS * 1000;
	case PHASE_ANSWERING:
		break;
	}
	return UINT64_MAX;
}

/* Called with the lock held. */
static void end_late_ones(const struct connections *connections)
{
	uint64_t now = milliseconds();

	for (const struct connection *at = connections->first; at; at = at->next) {
		uint64_t state = atomic_load_explicit(&at->state, memory_order_relaxed);
		uint64_t since = state >> 2;
		enum phase phase = (enum phase)(state & 3);

		if (phase == PHASE_IDLE && since < connections->drained_since)
			since = connections->drained_since;
		if (now < since || now - since <= limit_of(connections, phase))
			continue;
		/* An idle one may be about to send: what has arrived is still read. */
		shutdown(at->descriptor, phase == PHASE_IDLE ? SHUT_RD : SHUT_RDWR);
	}
}

/* Waits with the lock held until something changes or `wait` milliseconds are over. */
static void wait_for_change(struct connections *connections, long wait)
{
	struct deadline end = deadline_after(wait);

	pthread_cond_timedwait(&connections->changed, &connections->lock, &end.at);
}

static void *watch(void *context)
{
	struct connections *connections = context;
	struct deadline next = deadline_after(TICK);

	pthread_mutex_lock(&connections->lock);
	while (!connections->ending) {
		int left = deadline_left(next);

		if (left > 0) {
			wait_for_change(connections, left);
			continue;
		}
		end_late_ones(connections);
		next = deadline_after(TICK);
	}
	pthread_mutex_unlock(&connections->lock);
	return NULL;
}

static void open_condition(pthread_cond_t *condition)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(condition, &attributes);
	pthread_condattr_destroy(&attributes);
}

bool connections_open(long idle, struct connections **connections, struct error *err)
{
	struct connections *opened = calloc(1, sizeof *opened);

	if (!opened)
		return error_out_of_memory(err);
	opened->idle = (uint64_t)idle;
	pthread_mutex_init(&opened->lock, NULL);
	open_condition(&opened->changed);
	if (pthread_create(&opened->watchdog, NULL, watch, opened) != 0) {
		pthread_cond_destroy(&opened->changed);
		pthread_mutex_destroy(&opened->lock);
		free(opened);
		return error_set(err, ERROR_INTERNAL, "Cannot start the watchdog's thread.");
	}
	*connections = opened;
	return true;
}

void connections_close(struct connections **connections)
{
	struct connections *closing = *connections;

	if (!closing)
		return;
	pthread_mutex_lock(&closing->lock);
	closing->ending = true;
	pthread_cond_broadcast(&closing->changed);
	pthread_mutex_unlock(&closing->lock);
	pthread_join(closing->watchdog, NULL);
	pthread_cond_destroy(&closing->changed);
	pthread_mutex_destroy(&closing->lock);
	free(closing);
	*connections = NULL;
}

struct connection *connection_add(struct connections *connections, int descriptor,
				  const struct sockaddr *peer, void *handle)
{
	struct connection *added = calloc(1, sizeof *added);

	if (!added)
		return NULL;
	added->descriptor = descriptor;
	added->peer_known = address_of_peer(peer, &added->peer);
	added->handle = handle;
	connection_phase(added, PHASE_IDLE);
	pthread_mutex_lock(&connections->lock);
	added->next = connections->first;
	if (added->next)
		added->next->previous = added;
	connections->first = added;
	pthread_mutex_unlock(&connections->lock);
	return added;
}

void connection_remove(struct connections *connections, struct connection *connection)
{
	pthread_mutex_lock(&connections->lock);
	if (connection->next)
		connection->next->previous = connection->previous;
	if (connection->previous)
		connection->previous->next = connection->next;
	else
		connections->first = connection->next;
	if (atomic_load(&connections->draining))
		pthread_cond_broadcast(&connections->changed);
	pthread_mutex_unlock(&connections->lock);
	free(connection);
}

bool connections_draining(struct connections *connections)
{
	return atomic_load_explicit(&connections->draining, memory_order_relaxed);
}

bool connections_drain(struct connections *connections, struct deadline deadline)
{
	bool empty;

	atomic_store(&connections->draining, true);
	pthread_mutex_lock(&connections->lock);
	connections->drained_since = milliseconds();
	while (connections->first && !deadline_passed(deadline)) {
		end_late_ones(connections);
		wait_for_change(connections, DRAIN_TICK);
	}
	empty = !connections->first;
	pthread_mutex_unlock(&connections->lock);
	return empty;
}
