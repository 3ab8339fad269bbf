#include "server/connection/connection_table.h"

#include "base/log.h"
#include "server/connection/connections_per_client.h"
#include "http/message/limits.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/banned.h"

enum {
	TICK = 1000, /* milliseconds between two looks */
	DRAIN_TICK = 50,
	DRAIN_IDLE = 200,  /* an idle connection's last chance to send a request */
	DRAIN_NEW = 2000,  /* somebody just called, most likely to ask something */
	SPARE_IDLE = 1000, /* one that is idle for less is most likely in use */
	PHASE_BITS = 3,
};

struct connection_table {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* a connection went, or the end came */
	pthread_t watchdog;
	struct client_connection *first;
	struct connection_limits limits;
	struct connections_per_client clients;
	long count;			     /* of those that were not ended to make room */
	long going;			     /* of those that were */
	long refused[2];		     /* since the last log line: for all, for one client */
	long lost;			     /* since the last log line */
	struct connection_statistics counts; /* those that only grow */
	uint64_t drained_since;		     /* 0 until then */
	bool ending;
};

static uint64_t milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void connection_table_phase(struct client_connection *connection, enum phase phase)
{
	atomic_store_explicit(&connection->state, milliseconds() << PHASE_BITS | (uint64_t)phase,
			      memory_order_relaxed);
}

static enum phase phase_of(uint64_t state)
{
	return (enum phase)(state & ((1 << PHASE_BITS) - 1));
}

void connection_table_reads(struct client_connection *connection)
{
	if (phase_of(atomic_load_explicit(&connection->state, memory_order_relaxed)) !=
	    PHASE_READING)
		connection_table_phase(connection, PHASE_READING);
}

static uint64_t limit_of(const struct connection_table *connections, enum phase phase)
{
	bool draining = connections->drained_since > 0;

	switch (phase) {
	case PHASE_NEW:
		return draining ? DRAIN_NEW : LIMIT_READ_SECONDS * 1000;
	case PHASE_IDLE:
		return draining ? DRAIN_IDLE : (uint64_t)connections->limits.idle;
	case PHASE_READING:
		return LIMIT_READ_SECONDS * 1000;
	case PHASE_WRITING:
		return LIMIT_WRITE_SECONDS * 1000;
	case PHASE_LEAVING:
		return LIMIT_LINGER_SECONDS * 1000;
	case PHASE_ANSWERING:
		break;
	}
	return UINT64_MAX;
}

/* Called with the lock held. Counts a connection once. */
static void count_late(struct connection_table *connections, struct client_connection *connection,
		       enum phase phase)
{
	static const enum ending endings[] = {
		[PHASE_NEW] = ENDING_NEW,
		[PHASE_IDLE] = ENDING_IDLE,
		[PHASE_READING] = ENDING_READING,
		[PHASE_WRITING] = ENDING_WRITING,
	};

	if (connection->late || connection->ended || phase == PHASE_LEAVING)
		return;
	connection->late = true;
	connections->counts
		.ended[connections->drained_since > 0 && phase <= PHASE_IDLE ? ENDING_DRAIN
									     : endings[phase]]++;
}

/* Called with the lock held. */
static void end_late_ones(struct connection_table *connections)
{
	uint64_t now = milliseconds();

	for (struct client_connection *at = connections->first; at; at = at->next) {
		uint64_t state = atomic_load_explicit(&at->state, memory_order_relaxed);
		uint64_t since = state >> PHASE_BITS;
		enum phase phase = phase_of(state);

		if (phase <= PHASE_IDLE && since < connections->drained_since)
			since = connections->drained_since;
		if (now < since || now - since <= limit_of(connections, phase))
			continue;
		count_late(connections, at, phase);
		shutdown(at->descriptor, phase <= PHASE_IDLE ? SHUT_RD : SHUT_RDWR);
	}
}

/* Called with the lock held. */
static void take_out(struct connection_table *connections, struct client_connection *connection)
{
	if (connection->next)
		connection->next->previous = connection->previous;
	if (connection->previous)
		connection->previous->next = connection->next;
	else
		connections->first = connection->next;
	connections_per_client_leave(&connections->clients, connection->client);
	connections->count -= !connection->ended;
	connections->going -= connection->ended;
	if (connections->drained_since > 0)
		pthread_cond_broadcast(&connections->changed);
	free(connection);
}

/* Called with the lock held. The library closes a connection without a word when there is no memory
 * for it; its descriptor may be another's by now. */
static void drop_lost_ones(struct connection_table *connections)
{
	uint64_t now = milliseconds(), longest = limit_of(connections, PHASE_NEW);
	struct client_connection *at, *next;

	for (at = connections->first; at; at = next) {
		uint64_t state = atomic_load_explicit(&at->state, memory_order_relaxed);

		next = at->next;
		if (!at->handed_over || at->adopted || now <= (state >> PHASE_BITS) + longest)
			continue;
		take_out(connections, at);
		connections->lost++;
	}
}

static void wait_for_change(struct connection_table *connections, long wait)
{
	struct deadline end = deadline_after(wait);

	pthread_cond_timedwait(&connections->changed, &connections->lock, &end.at);
}

/* Called with the lock held, which it gives up to write. */
static void log_refused(struct connection_table *connections)
{
	long all = connections->refused[0], client = connections->refused[1];
	long lost = connections->lost;

	if (all + client + lost == 0)
		return;
	connections->refused[0] = connections->refused[1] = connections->lost = 0;
	pthread_mutex_unlock(&connections->lock);
	log_write(LOG_WARNING, "connections_refused", LOG_NUMBER("all_in_use", all),
		  LOG_NUMBER("client_has_too_many", client), LOG_NUMBER("no_memory", lost));
	pthread_mutex_lock(&connections->lock);
}

static void *watch(void *context)
{
	struct connection_table *connections = context;
	struct deadline next = deadline_after(TICK);

	pthread_mutex_lock(&connections->lock);
	while (!connections->ending) {
		int left = deadline_left(next);

		if (left > 0) {
			wait_for_change(connections, left);
			continue;
		}
		end_late_ones(connections);
		drop_lost_ones(connections);
		log_refused(connections);
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

bool connection_table_open(const struct connection_limits *limits,
			   struct connection_table **connections, struct error *err)
{
	struct connection_table *opened = calloc(1, sizeof *opened);

	if (!opened)
		return error_out_of_memory(err);
	opened->limits = *limits;
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

void connection_table_close(struct connection_table **connections)
{
	struct connection_table *closing = *connections;

	if (!closing)
		return;
	pthread_mutex_lock(&closing->lock);
	closing->ending = true;
	pthread_cond_broadcast(&closing->changed);
	pthread_mutex_unlock(&closing->lock);
	pthread_join(closing->watchdog, NULL);
	while (closing->first)
		take_out(closing, closing->first);
	pthread_cond_destroy(&closing->changed);
	pthread_mutex_destroy(&closing->lock);
	free(closing);
	*connections = NULL;
}

/* Called with the lock held. False when no connection has been idle for long enough. */
static bool make_room(struct connection_table *connections)
{
	uint64_t oldest = milliseconds() - SPARE_IDLE;
	struct client_connection *idle = NULL;

	for (struct client_connection *at = connections->first; at; at = at->next) {
		uint64_t state = atomic_load_explicit(&at->state, memory_order_relaxed);

		if (at->ended || phase_of(state) > PHASE_IDLE || state >> PHASE_BITS > oldest)
			continue;
		oldest = state >> PHASE_BITS;
		idle = at;
	}
	if (!idle)
		return false;
	shutdown(idle->descriptor, SHUT_RD);
	idle->ended = true;
	connections->counts.ended[ENDING_ROOM]++;
	connections->count--;
	connections->going++;
	return true;
}

bool connection_table_admit(struct connection_table *connections, const struct sockaddr *peer)
{
	const struct connection_limits *limits = &connections->limits;
	struct address address;
	bool bound = address_of_peer(peer, &address) &&
		     !network_list_contains(limits->trusted, &address);
	bool client_full, all_full;

	pthread_mutex_lock(&connections->lock);
	client_full = bound && connections_per_client_count(&connections->clients,
							    address_client(&address)) >=
				       limits->most_of_client;
	all_full = !client_full && connections->count >= limits->most && !make_room(connections);
	connections->refused[0] += all_full;
	connections->refused[1] += client_full;
	connections->counts.refused_all += all_full;
	connections->counts.refused_client += client_full;
	pthread_mutex_unlock(&connections->lock);
	return !client_full && !all_full;
}

bool connection_table_crowded(struct connection_table *connections)
{
	bool crowded;

	pthread_mutex_lock(&connections->lock);
	crowded = connections->going >= connections->limits.spare;
	pthread_mutex_unlock(&connections->lock);
	return crowded;
}

struct client_connection *connection_table_add(struct connection_table *connections, int descriptor,
					       const struct sockaddr *peer)
{
	struct client_connection *added = calloc(1, sizeof *added);

	if (!added)
		return NULL;
	added->descriptor = descriptor;
	added->peer_known = address_of_peer(peer, &added->peer);
	connection_table_phase(added, PHASE_NEW);
	pthread_mutex_lock(&connections->lock);
	if (added->peer_known)
		added->client = connections_per_client_enter(&connections->clients,
							     address_client(&added->peer));
	connections->count++;
	connections->counts.accepted++;
	added->next = connections->first;
	if (added->next)
		added->next->previous = added;
	connections->first = added;
	pthread_mutex_unlock(&connections->lock);
	return added;
}

void connection_table_remove(struct connection_table *connections,
			     struct client_connection *connection)
{
	pthread_mutex_lock(&connections->lock);
	take_out(connections, connection);
	pthread_mutex_unlock(&connections->lock);
}

void connection_table_hand_over(struct connection_table *connections,
				struct client_connection *connection)
{
	connection_table_phase(connection, PHASE_ANSWERING);
	pthread_mutex_lock(&connections->lock);
	connection->handed_over = true;
	pthread_mutex_unlock(&connections->lock);
}

struct client_connection *connection_table_adopt(struct connection_table *connections,
						 int descriptor)
{
	struct client_connection *at;

	pthread_mutex_lock(&connections->lock);
	at = connections->first;
	/* The newest: an older one was closed without a word. */
	while (at && (!at->handed_over || at->descriptor != descriptor))
		at = at->next;
	if (at)
		at->adopted = true;
	pthread_mutex_unlock(&connections->lock);
	return at;
}

struct client_connection *connection_table_left(struct connection_table *connections)
{
	struct client_connection *at;

	pthread_mutex_lock(&connections->lock);
	at = connections->first;
	while (at && at->handed_over)
		at = at->next;
	pthread_mutex_unlock(&connections->lock);
	return at;
}

void connection_table_statistics(struct connection_table *connections,
				 struct connection_statistics *statistics)
{
	pthread_mutex_lock(&connections->lock);
	*statistics = connections->counts;
	statistics->open = (uint64_t)connections->count;
	statistics->most = (uint64_t)connections->limits.most;
	statistics->draining = connections->drained_since > 0;
	pthread_mutex_unlock(&connections->lock);
}

bool connection_table_drain(struct connection_table *connections, struct deadline deadline)
{
	bool empty;

	pthread_mutex_lock(&connections->lock);
	connections->drained_since = milliseconds();
	while (connections->first && !deadline_passed(deadline)) {
		end_late_ones(connections);
		drop_lost_ones(connections);
		wait_for_change(connections, DRAIN_TICK);
	}
	empty = !connections->first;
	pthread_mutex_unlock(&connections->lock);
	return empty;
}
