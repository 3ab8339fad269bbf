#include "server/connection/connections_per_client.h"

#include <stdlib.h>

#include "base/banned.h"

/* The link to the client, or the one that would lead to it. */
static struct client **link_to(struct client **bucket, uint64_t number)
{
	while (*bucket && (*bucket)->number != number)
		bucket = &(*bucket)->next;
	return bucket;
}

/* Fibonacci hashing: neighbours come to different buckets. */
static size_t bucket_of(uint64_t number)
{
	return (size_t)((number * UINT64_C(0x9E3779B97F4A7C15)) >> 32) % CLIENT_BUCKETS;
}

long clients_count(const struct clients *clients, uint64_t number)
{
	const struct client *client = clients->buckets[bucket_of(number)];

	while (client && client->number != number)
		client = client->next;
	return client ? client->connections : 0;
}

struct client *clients_enter(struct clients *clients, uint64_t number)
{
	struct client **link = link_to(&clients->buckets[bucket_of(number)], number);

	if (!*link) {
		*link = calloc(1, sizeof **link);
		if (!*link)
			return NULL;
		(*link)->number = number;
	}
	(*link)->connections++;
	return *link;
}

void clients_leave(struct clients *clients, struct client *client)
{
	struct client **link;

	if (!client || --client->connections > 0)
		return;
	link = link_to(&clients->buckets[bucket_of(client->number)], client->number);
	*link = client->next;
	free(client);
}
