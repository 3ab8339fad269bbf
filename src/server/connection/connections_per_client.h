/*
 * connections_per_client: how many connections and uploads each client has, where a client is what
 * address_client returns. Not thread-safe: connection_table.c holds its lock.
 */
#pragma once
#include <stdint.h>

enum { CLIENT_BUCKETS = 1024 };

struct client_count {
	uint64_t number;
	long connections, uploads;
	struct client_count *next;
};

/* All-zero is an empty one. */
struct connections_per_client {
	struct client_count *buckets[CLIENT_BUCKETS];
};

long connections_per_client_count(const struct connections_per_client *clients, uint64_t number);

/* Counts a connection. Returns what connections_per_client_leave takes, NULL when out of memory. */
struct client_count *connections_per_client_enter(struct connections_per_client *clients,
						  uint64_t number);

/* Counts one connection less; does nothing for NULL. */
void connections_per_client_leave(struct connections_per_client *clients,
				  struct client_count *client);
