/*
 * clients: how many connections each client has. A client is what address_client says. Not for
 * several threads at once: connections.c has the lock.
 */
#pragma once
#include <stdint.h>

enum { CLIENT_BUCKETS = 1024 };

struct client_count {
	uint64_t number;
	long connections;
	struct client_count *next;
};

/* All-zero is an empty one; whoever enters leaves. */
struct connections_per_client {
	struct client_count *buckets[CLIENT_BUCKETS];
};

long connections_per_client_count(const struct connections_per_client *clients, uint64_t number);

/* Counts a connection. Returns what connections_per_client_leave takes, NULL when out of memory. */
struct client_count *connections_per_client_enter(struct connections_per_client *clients,
						  uint64_t number);

/* NULL is nobody. */
void connections_per_client_leave(struct connections_per_client *clients,
				  struct client_count *client);
