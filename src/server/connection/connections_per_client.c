#include "server/connection/connections_per_client.h"

#include <stdlib.h>

#include "base/banned.h"

/* The pointer to the client, or the one where it would be added. */
static struct client_count **link_to(struct client_count **bucket, uint64_t number)
{
	while (*bucket && (*bucket)->number != number)
		bucket = &(*bucket)->next;
	return bucket;
}

/* Fibonacci hashing spreads neighbouring numbers over the buckets. */
static size_t bucket_of(uint64_t number)
{
	return (size_t)((number * UINT64_C(0x9E3779B97F4A7C15)) >> 32) % CLIENT_BUCKETS;
}

long connections_per_client_count(const struct connections_per_client *clients, uint64_t number)
{
	const struct client_count *client = clients->buckets[bucket_of(number)];

	while (client && client->number != number)
		client = client->next;
	return client ? client->connections : 0;
}

struct client_count *connections_per_client_enter(struct connections_per_client *clients,
						  uint64_t number)
{
	struct client_count **link = link_to(&clients->buckets[bucket_of(number)], number);

	if (!*link) {
		*link = calloc(1, sizeof **link);
		if (!*link)
			return NULL;
		(*link)->number = number;
	}
	(*link)->connections++;
	return *link;
}

void connections_per_client_leave(struct connections_per_client *clients,
				  struct client_count *client)
{
	struct client_count **link;

	if (!client || --client->connections > 0)
		return;
	link = link_to(&clients->buckets[bucket_of(client->number)], client->number);
	*link = client->next;
	free(client);
}
