/*
 * connection_table: the open client connections, how many there may be, and a watchdog that shuts
 * those that exceed the time limit of their phase.
 *
 * The watchdog shuts a connection's socket and never closes it. connection_table_remove closes it
 * and takes the same lock, so that a descriptor in the table is always that connection's.
 */
#pragma once
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/deadline.h"
#include "base/error.h"
#include "base/network_list.h"
#include "server/connection/response_writer.h"

enum phase {
	PHASE_NEW,	/* the client has sent nothing yet */
	PHASE_IDLE,	/* the next request is awaited */
	PHASE_READING,	/* the rest of head or body is awaited */
	PHASE_HANDLING, /* a handler works; it has its own deadline */
	PHASE_WRITING,	/* the client takes the response */
	PHASE_CLOSING,	/* the client has its last response and should close */
};

/* The thread that may touch a connection. */
enum connection_owner {
	OWNER_LOOP,
	OWNER_TASK,	     /* a thread of the pool */
	OWNER_TASK_RECALLED, /* the same, and the loop has something to do once it ends */
};

struct client_connection {
	int descriptor;
	struct address peer;
	bool peer_known;	/* it is an IP address */
	_Atomic uint64_t state; /* phase in the three low bits, its start in milliseconds above */
	_Atomic enum connection_owner owner;

	/* For the owner. */
	struct response_writer pending; /* the unsent rest of a response, while: */
	bool blocked;			/* the socket is not writable */
	bool peer_closed;		/* the client sends nothing more */
	bool closing;			/* the last response is out */
	struct buffer received; /* an incomplete request; during an upload its head and body */
	size_t awaited;		/* bytes of an upload, or 0 */
	int relay;		/* to Ulfius, which works on the upload; else -1 */

	/* For the table. */
	struct client_connection *next, **link; /* in its bucket; what points to this one */
	uint64_t client;			/* address_client; 0 when the peer is unknown */
	bool uploading;				/* counts as an upload */
	bool evicted;				/* shut to make room */
	bool late;				/* shut by the watchdog */
};

struct connection_limits {
	long idle;			    /* milliseconds until an idle connection is shut */
	long most;			    /* connections at once */
	long spare;			    /* beyond them, those that were shut to make room */
	long most_of_client;		    /* of one client, except those in `trusted` */
	long uploads;			    /* requests with a body at once */
	long uploads_of_client;		    /* of one client, except those in `trusted` */
	const struct network_list *trusted; /* outlives the table */
};

struct connection_table;

/* Starts the watchdog. Fails with ERROR_INTERNAL. */
MUST_CHECK bool connection_table_open(const struct connection_limits *limits,
				      struct connection_table **table, struct error *err);

/* Ends the watchdog and closes the connections that are left. No other thread may use the table. */
void connection_table_close(struct connection_table **table);

/* Adds an accepted connection; `peer` may be NULL. At the limit of all connections, the one that
 * has been idle longest is shut for it. Returns NULL when there are too many or memory runs out:
 * the caller then closes it. Refusals are counted, and logged once a second. */
struct client_connection *connection_table_add(struct connection_table *table, int descriptor,
					       const struct sockaddr *peer);
/* Removes and frees a connection and what it holds, and closes its sockets. */
void connection_table_remove(struct connection_table *table, struct client_connection *connection);

/* True while as many connections as may be are shut but not yet closed: new ones should stay in the
 * kernel's backlog. */
bool connection_table_crowded(struct connection_table *table);

void connection_table_phase(struct client_connection *connection, enum phase phase);

/* Sets PHASE_READING, unless the connection is in it: its limit counts from the first byte. */
void connection_table_begin_reading(struct client_connection *connection);

/* Counts a request with a body until the connection is removed. False when there are too many. */
bool connection_table_begin_upload(struct connection_table *table,
				   struct client_connection *connection);

/* Why the service ended a connection. */
enum ending { ENDING_NEW, ENDING_IDLE, ENDING_READING, ENDING_WRITING, ENDING_ROOM, ENDING_DRAIN };

enum { ENDINGS = ENDING_DRAIN + 1 };

/* All but the first line only grow. */
struct connection_statistics {
	uint64_t open, most, draining; /* draining: 1 or 0 */
	uint64_t accepted;
	uint64_t refused_all, refused_client; /* too many were open; too many of that client */
	uint64_t ended[ENDINGS];
};

void connection_table_statistics(struct connection_table *table,
				 struct connection_statistics *statistics);

/* From now on idle connections are shut soon. Waits until no connection is left; false when the
 * deadline came first. */
bool connection_table_drain(struct connection_table *table, struct deadline deadline);
