/*
 * connections: the open client connections, how many there may be, and a watchdog that ends the
 * late ones.
 *
 * libmicrohttpd's own timeout counts inactivity, so that a client which sends a byte now and then
 * would hold its thread for ever. Here each phase of a request has a limit (http/limits.h).
 *
 * A connection is shut, never closed, from here: its loop or the library closes it after
 * connection_table_remove, which takes the same lock, so that a descriptor is always this
 * connection's. Only what the library closed without a word may have lost its own, and is in a
 * phase without limit.
 */
#pragma once
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/network_list.h"
#include "base/deadline.h"
#include "base/error.h"
#include "server/loop/response_writer.h"

enum phase {
	PHASE_NEW,	 /* nothing was asked yet: the first request line is awaited */
	PHASE_IDLE,	 /* the next request line is awaited */
	PHASE_READING,	 /* the rest of head and body is awaited */
	PHASE_ANSWERING, /* a handler works; it has its own deadline */
	PHASE_WRITING,	 /* the client takes the answer */
	PHASE_LEAVING,	 /* it has its last answer and should hang up */
};

/* Whose turn it is. The worker's, the connection is not touched by its loop. */
enum turn {
	TURN_LOOP,
	TURN_WORKER,
	TURN_WORKER_STIRRED, /* and the loop wants it back, since something has arrived */
};

struct client_connection {
	struct client_connection *previous, *next;
	int descriptor;
	struct address peer;
	bool peer_known;	/* it is an IP address */
	_Atomic uint64_t state; /* phase in the three low bits, its start in milliseconds above */

	/* For its loop, which has every connection at first, and the worker that answers. */
	_Atomic enum turn turn;
	struct response_writer pending; /* an answer that the client must take first, if: */
	bool waits;
	bool hung_up; /* the client sends nothing more */
	bool leaving; /* it was answered for the last time */

	/* For requests.c alone, once it is the library's. */
	bool handed_over, adopted;
	void *handle;		 /* the library's connection */
	void *request;		 /* Ulfius' state of the current request, NULL between two */
	struct timespec arrived; /* of the current request; CLOCK_MONOTONIC */
	bool unread;		 /* the current request's body was left on the connection */

	bool ended;		     /* to make room */
	bool late;		     /* it was ended for that */
	struct client_count *client; /* NULL when not known */
};

struct connection_limits {
	long idle;			    /* milliseconds until an idle connection is ended */
	long most;			    /* connections at once */
	long spare;			    /* beyond them, those that were ended to make room */
	long most_of_client;		    /* of one client, but for those in: */
	const struct network_list *trusted; /* outlives the connections */
};

struct connection_table;

/* Starts the watchdog. Fails with ERROR_INTERNAL. */
MUST_CHECK bool connection_table_open(const struct connection_limits *limits,
				      struct connection_table **connections, struct error *err);

/* Stops the watchdog. What is left then are connections that the library closed without a word. */
void connection_table_close(struct connection_table **connections);

/* True when there may be one more from `peer` (which may be NULL). Where only the number of all
 * stands in the way, the connection that has been idle longest is ended for it, if one has been so
 * for a second. What is refused is counted, and logged once a second. */
bool connection_table_admit(struct connection_table *connections, const struct sockaddr *peer);

/* True while as many as may are about to go: who calls now should wait to be accepted. */
bool connection_table_crowded(struct connection_table *connections);

/* `peer` may be NULL. Returns NULL when out of memory. */
struct client_connection *connection_table_add(struct connection_table *connections, int descriptor,
					       const struct sockaddr *peer);
void connection_table_remove(struct connection_table *connections,
			     struct client_connection *connection);

void connection_table_phase(struct client_connection *connection, enum phase phase);

/* The same, where the phase may have begun before. */
void connection_table_reads(struct client_connection *connection);

/* The connection goes over to the library, which has closed it when it does not begin with it soon:
 * then it is removed here. */
void connection_table_hand_over(struct connection_table *connections,
				struct client_connection *connection);

/* The library begins with a connection, which it knows by its descriptor. NULL when there is none.
 */
struct client_connection *connection_table_adopt(struct connection_table *connections,
						 int descriptor);

/* Some connection that was not handed over, NULL when there is none. */
struct client_connection *connection_table_left(struct connection_table *connections);

/* Why the service ended a connection. */
enum ending { ENDING_NEW, ENDING_IDLE, ENDING_READING, ENDING_WRITING, ENDING_ROOM, ENDING_DRAIN };

enum { ENDINGS = ENDING_DRAIN + 1 };

/* All but the first line only grow. */
struct connection_statistics {
	uint64_t open, most, draining; /* draining: 1 or 0 */
	uint64_t accepted;
	uint64_t refused_all, refused_client; /* since too many were open; of that client */
	uint64_t ended[ENDINGS];
};

void connection_table_statistics(struct connection_table *connections,
				 struct connection_statistics *statistics);

/* From now on idle connections are ended soon. Waits until the last one is gone; false when the
 * deadline passed first. */
bool connection_table_drain(struct connection_table *connections, struct deadline deadline);
