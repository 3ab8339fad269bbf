/*
 * A bucket is one number: the time at which it will be full again. Each request adds the time that
 * one request takes to refill; a request is refused if the result would be further away than the
 * whole window. (This is the generic cell rate algorithm of ITU-T I.371.)
 */
#include "http/policy/rate_limit.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum {
	WAYS = 8,    /* buckets in a set: a client has its bucket in one set */
	SETS = 8192, /* 65,536 buckets, 1 MiB */
	SETS_PER_LOCK = 64,
	LOCKS = SETS / SETS_PER_LOCK,
};

#define SECOND UINT64_C(1000000000)

struct bucket {
	uint64_t client; /* 0: unused */
	uint64_t full;	 /* when it is full again */
};

struct rate_limit {
	uint64_t step;	 /* nanoseconds in which the bucket gains one request */
	uint64_t window; /* nanoseconds in which an empty bucket becomes full */
	uint64_t secret; /* prevents clients from choosing addresses that share a set */
	pthread_mutex_t locks[LOCKS];
	struct bucket buckets[SETS][WAYS];
};

/* The finaliser of MurmurHash3, keyed. */
static size_t set_of(const struct rate_limit *limit, uint64_t number)
{
	uint64_t hash = number ^ limit->secret;

	hash = (hash ^ hash >> 33) * UINT64_C(0xFF51AFD7ED558CCD);
	hash = (hash ^ hash >> 33 ^ limit->secret) * UINT64_C(0xC4CEB9FE1A85EC53);
	return (size_t)((hash ^ hash >> 33) % SETS);
}

bool rate_limit_open(long requests, long seconds, struct rate_limit **limit, struct error *err)
{
	struct rate_limit *opened = calloc(1, sizeof *opened);

	if (!opened)
		return error_out_of_memory(err);
	opened->step = (uint64_t)seconds * SECOND / (uint64_t)requests;
	opened->window = opened->step * (uint64_t)requests;
	arc4random_buf(&opened->secret, sizeof opened->secret);
	for (size_t i = 0; i < LOCKS; i++)
		pthread_mutex_init(&opened->locks[i], NULL);
	*limit = opened;
	return true;
}

void rate_limit_close(struct rate_limit **limit)
{
	if (!*limit)
		return;
	for (size_t i = 0; i < LOCKS; i++)
		pthread_mutex_destroy(&(*limit)->locks[i]);
	free(*limit);
	*limit = NULL;
}

/* Returns the client's bucket; without one, the fullest of the set becomes the client's. */
static struct bucket *find_bucket(struct bucket set[WAYS], uint64_t number)
{
	struct bucket *fullest = set;

	for (struct bucket *bucket = set; bucket < set + WAYS; bucket++) {
		if (bucket->client == number)
			return bucket;
		if (bucket->full < fullest->full)
			fullest = bucket;
	}
	*fullest = (struct bucket){.client = number};
	return fullest;
}

static long seconds_up(uint64_t nanoseconds)
{
	return (long)((nanoseconds + SECOND - 1) / SECOND);
}

static struct allowance take(const struct rate_limit *limit, struct bucket *bucket, uint64_t now)
{
	uint64_t missing = bucket->full > now ? bucket->full - now : 0;
	struct allowance allowance = {0};

	if (missing + limit->step > limit->window) {
		allowance.retry = seconds_up(missing + limit->step - limit->window);
	} else {
		missing += limit->step;
		bucket->full = now + missing;
		allowance.granted = true;
	}
	allowance.left =
		missing < limit->window ? (long)((limit->window - missing) / limit->step) : 0;
	allowance.replenish = seconds_up(missing);
	return allowance;
}

struct allowance rate_limit_take(struct rate_limit *limit, const struct address *client,
				 uint64_t now)
{
	uint64_t number = address_client(client);
	size_t set = set_of(limit, number);
	pthread_mutex_t *lock = &limit->locks[set / SETS_PER_LOCK];
	struct allowance allowance;

	pthread_mutex_lock(lock);
	allowance = take(limit, find_bucket(limit->buckets[set], number), now);
	pthread_mutex_unlock(lock);
	return allowance;
}

void rate_limit_return(struct rate_limit *limit, const struct address *client)
{
	uint64_t number = address_client(client);
	size_t set = set_of(limit, number);
	pthread_mutex_t *lock = &limit->locks[set / SETS_PER_LOCK];

	pthread_mutex_lock(lock);
	for (size_t i = 0; i < WAYS; i++) {
		struct bucket *bucket = &limit->buckets[set][i];

		if (bucket->client == number && bucket->full > limit->step)
			bucket->full -= limit->step;
	}
	pthread_mutex_unlock(lock);
}
