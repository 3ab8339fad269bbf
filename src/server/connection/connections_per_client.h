/*
 * clients: how many connections each client has. A client is what address_client says. Not for
 * several threads at once: connections.c has the lock.
 */
#pragma once
#include <stdint.h>

enum { CLIENT_BUCKETS = 1024 };

struct client {
	uint64_t number;
	long connections;
	struct client *next;
};

/* All-zero is an empty one; whoever enters leaves. */
struct clients {
	struct client *buckets[CLIENT_BUCKETS];
};

long clients_count(const struct clients *clients, uint64_t number);

/* Counts a connection. Returns what clients_leave takes, NULL when out of memory. */
struct client *clients_enter(struct clients *clients, uint64_t number);

/* NULL is nobody. */
void clients_leave(struct clients *clients, struct client *client);
