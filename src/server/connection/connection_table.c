#include "server/connection/connection_table.h"

#include "base/log.h"
#include "base/thread.h"
#include "http/message/limits.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/banned.h"

enum {
	WATCHDOG_TICK = 1000, /* milliseconds between two looks */
	DRAIN_TICK = 50,
	DRAIN_IDLE = 200, /* time for a request that is already on its way */
	DRAIN_NEW = 2000, /* the client has just connected, most likely to send a request */
	ROOM_IDLE = 1000, /* a connection that is idle for less is most likely in use */
	PHASE_BITS = 3,
	BUCKETS = 1024,
};

struct connection_table {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* a connection was removed, or the table closes */
	pthread_t watchdog;
	struct client_connection *buckets[BUCKETS]; /* by client */
	struct connection_limits limits;
	long count;   /* without those that were shut to make room */
	long evicted; /* those that were */
	long uploads;
	long refused_all, refused_client;    /* since the last log line */
	struct connection_statistics counts; /* those that only grow */
	uint64_t drained_since;		     /* milliseconds; 0 until then */
	bool closing;
};

/* Fibonacci hashing spreads neighbouring numbers over the buckets. */
static size_t bucket_of(uint64_t client)
{
	return (size_t)((client * UINT64_C(0x9E3779B97F4A7C15)) >> 32) % BUCKETS;
}

/* The first connection in a bucket from `bucket` on; NULL when there is none. */
static struct client_connection *first_from(const struct connection_table *table, size_t bucket)
{
	while (bucket < BUCKETS && !table->buckets[bucket])
		bucket++;
	return bucket < BUCKETS ? table->buckets[bucket] : NULL;
}

static struct client_connection *next_of(const struct connection_table *table,
					 const struct client_connection *connection)
{
	return connection->next ? connection->next
				: first_from(table, bucket_of(connection->client) + 1);
}

/* The connections of a client; with `uploading` those that count as an upload. */
static long count_of_client(const struct connection_table *table, uint64_t client, bool uploading)
{
	long count = 0;

	for (const struct client_connection *at = table->buckets[bucket_of(client)]; at;
	     at = at->next)
		count += at->client == client && (at->uploading || !uploading);
	return count;
}

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

static uint64_t state_of(const struct client_connection *connection)
{
	return atomic_load_explicit(&connection->state, memory_order_relaxed);
}

void connection_table_begin_reading(struct client_connection *connection)
{
	if (phase_of(state_of(connection)) != PHASE_READING)
		connection_table_phase(connection, PHASE_READING);
}

static uint64_t limit_of(const struct connection_table *table, enum phase phase)
{
	bool draining = table->drained_since > 0;

	switch (phase) {
	case PHASE_NEW:
		return draining ? DRAIN_NEW : LIMIT_READ_SECONDS * 1000;
	case PHASE_IDLE:
		return draining ? DRAIN_IDLE : (uint64_t)table->limits.idle;
	case PHASE_READING:
		return LIMIT_READ_SECONDS * 1000;
	case PHASE_WRITING:
		return LIMIT_WRITE_SECONDS * 1000;
	case PHASE_CLOSING:
		return LIMIT_LINGER_SECONDS * 1000;
	case PHASE_HANDLING:
		break;
	}
	return UINT64_MAX;
}

/* Called with the lock held. Counts a connection once. */
static void count_late(struct connection_table *table, struct client_connection *connection,
		       enum phase phase)
{
	static const enum ending endings[] = {
		[PHASE_NEW] = ENDING_NEW,
		[PHASE_IDLE] = ENDING_IDLE,
		[PHASE_READING] = ENDING_READING,
		[PHASE_WRITING] = ENDING_WRITING,
	};
	const bool drained = table->drained_since > 0 && phase <= PHASE_IDLE;

	if (connection->late || connection->evicted || phase == PHASE_CLOSING)
		return;
	connection->late = true;
	table->counts.ended[drained ? ENDING_DRAIN : endings[phase]]++;
}

/* Called with the lock held. */
static void shut_late_connections(struct connection_table *table)
{
	uint64_t now = milliseconds();

	for (struct client_connection *at = first_from(table, 0); at; at = next_of(table, at)) {
		uint64_t state = state_of(at), since = state >> PHASE_BITS;
		enum phase phase = phase_of(state);

		if (phase <= PHASE_IDLE && since < table->drained_since)
			since = table->drained_since;
		if (now < since || now - since <= limit_of(table, phase))
			continue;
		count_late(table, at, phase);
		/* The loop still reads a request that arrived on an idle connection meanwhile. */
		shutdown(at->descriptor, phase <= PHASE_IDLE ? SHUT_RD : SHUT_RDWR);
	}
}

/* Called with the lock held, which it releases while it writes. */
static void log_refused(struct connection_table *table)
{
	long all = table->refused_all, client = table->refused_client;

	if (all + client == 0)
		return;
	table->refused_all = table->refused_client = 0;
	pthread_mutex_unlock(&table->lock);
	log_write(LOG_WARNING, "connections_refused", LOG_NUMBER("limit", all),
		  LOG_NUMBER("client_limit", client));
	pthread_mutex_lock(&table->lock);
}

static void *watch_connections(void *context)
{
	struct connection_table *table = context;
	struct deadline next = deadline_after(WATCHDOG_TICK);

	pthread_mutex_lock(&table->lock);
	while (!table->closing) {
		if (!deadline_passed(next)) {
			thread_wait(&table->changed, &table->lock, next);
			continue;
		}
		shut_late_connections(table);
		log_refused(table);
		next = deadline_after(WATCHDOG_TICK);
	}
	pthread_mutex_unlock(&table->lock);
	return NULL;
}

static void free_table(struct connection_table *table)
{
	pthread_cond_destroy(&table->changed);
	pthread_mutex_destroy(&table->lock);
	free(table);
}

bool connection_table_open(const struct connection_limits *limits, struct connection_table **table,
			   struct error *err)
{
	struct connection_table *opened = calloc(1, sizeof *opened);

	if (!opened)
		return error_out_of_memory(err);
	opened->limits = *limits;
	pthread_mutex_init(&opened->lock, NULL);
	thread_condition_init(&opened->changed);
	if (!thread_start(&opened->watchdog, "watchdog", watch_connections, opened, err)) {
		free_table(opened);
		return false;
	}
	*table = opened;
	return true;
}

/* Called with the lock held. Shuts the connection that has been idle longest; false when none has
 * been idle for long enough. */
static bool make_room(struct connection_table *table)
{
	uint64_t oldest = milliseconds() - ROOM_IDLE;
	struct client_connection *idle = NULL;

	for (struct client_connection *at = first_from(table, 0); at; at = next_of(table, at)) {
		uint64_t state = state_of(at);

		if (at->evicted || phase_of(state) > PHASE_IDLE || state >> PHASE_BITS > oldest)
			continue;
		oldest = state >> PHASE_BITS;
		idle = at;
	}
	if (!idle)
		return false;
	shutdown(idle->descriptor, SHUT_RD);
	idle->evicted = true;
	table->counts.ended[ENDING_ROOM]++;
	table->count--;
	table->evicted++;
	return true;
}

/* True when the limits for one client hold for this one. */
static bool is_limited(const struct connection_table *table,
		       const struct client_connection *connection)
{
	return connection->client &&
	       !network_list_contains(table->limits.trusted, &connection->peer);
}

/* Called with the lock held. */
static bool admit(struct connection_table *table, const struct client_connection *connection)
{
	const struct connection_limits *limits = &table->limits;

	if (is_limited(table, connection) &&
	    count_of_client(table, connection->client, false) >= limits->most_of_client) {
		table->refused_client++;
		table->counts.refused_client++;
		return false;
	}
	if (table->count >= limits->most && !make_room(table)) {
		table->refused_all++;
		table->counts.refused_all++;
		return false;
	}
	return true;
}

/* Called with the lock held. */
static void insert(struct connection_table *table, struct client_connection *connection)
{
	struct client_connection **first = &table->buckets[bucket_of(connection->client)];

	table->count++;
	table->counts.accepted++;
	connection->next = *first;
	connection->link = first;
	if (connection->next)
		connection->next->link = &connection->next;
	*first = connection;
}

struct client_connection *connection_table_add(struct connection_table *table, int descriptor,
					       const struct sockaddr *peer)
{
	struct client_connection *added = calloc(1, sizeof *added);
	bool admitted;

	if (!added)
		return NULL;
	added->descriptor = descriptor;
	added->relay = -1;
	added->peer_known = address_of_peer(peer, &added->peer);
	added->client = added->peer_known ? address_client(&added->peer) : 0;
	connection_table_phase(added, PHASE_NEW);
	pthread_mutex_lock(&table->lock);
	admitted = admit(table, added);
	if (admitted)
		insert(table, added);
	pthread_mutex_unlock(&table->lock);
	if (admitted)
		return added;
	free(added);
	return NULL;
}

void connection_table_remove(struct connection_table *table, struct client_connection *connection)
{
	pthread_mutex_lock(&table->lock);
	*connection->link = connection->next;
	if (connection->next)
		connection->next->link = connection->link;
	table->uploads -= connection->uploading;
	table->count -= !connection->evicted;
	table->evicted -= connection->evicted;
	if (table->drained_since > 0)
		pthread_cond_broadcast(&table->changed);
	pthread_mutex_unlock(&table->lock);
	close(connection->descriptor);
	if (connection->relay >= 0)
		close(connection->relay);
	response_writer_free(&connection->pending);
	buffer_free(&connection->received);
	free(connection);
}

void connection_table_close(struct connection_table **table)
{
	struct connection_table *closing = *table;
	struct client_connection *left;

	if (!closing)
		return;
	pthread_mutex_lock(&closing->lock);
	closing->closing = true;
	pthread_cond_broadcast(&closing->changed);
	pthread_mutex_unlock(&closing->lock);
	pthread_join(closing->watchdog, NULL);
	while ((left = first_from(closing, 0)))
		connection_table_remove(closing, left);
	free_table(closing);
	*table = NULL;
}

bool connection_table_crowded(struct connection_table *table)
{
	bool crowded;

	pthread_mutex_lock(&table->lock);
	crowded = table->evicted >= table->limits.spare;
	pthread_mutex_unlock(&table->lock);
	return crowded;
}

bool connection_table_begin_upload(struct connection_table *table,
				   struct client_connection *connection)
{
	const struct connection_limits *limits = &table->limits;

	pthread_mutex_lock(&table->lock);
	connection->uploading =
		table->uploads < limits->uploads &&
		(!is_limited(table, connection) ||
		 count_of_client(table, connection->client, true) < limits->uploads_of_client);
	table->uploads += connection->uploading;
	pthread_mutex_unlock(&table->lock);
	return connection->uploading;
}

void connection_table_statistics(struct connection_table *table,
				 struct connection_statistics *statistics)
{
	pthread_mutex_lock(&table->lock);
	*statistics = table->counts;
	statistics->open = (uint64_t)table->count;
	statistics->most = (uint64_t)table->limits.most;
	statistics->draining = table->drained_since > 0;
	pthread_mutex_unlock(&table->lock);
}

bool connection_table_drain(struct connection_table *table, struct deadline deadline)
{
	bool empty;

	pthread_mutex_lock(&table->lock);
	table->drained_since = milliseconds();
	while (first_from(table, 0) && !deadline_passed(deadline)) {
		shut_late_connections(table);
		thread_wait(&table->changed, &table->lock,
			    deadline_earlier(deadline, deadline_after(DRAIN_TICK)));
	}
	empty = !first_from(table, 0);
	pthread_mutex_unlock(&table->lock);
	return empty;
}
