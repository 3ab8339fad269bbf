/*
 * db_settings: what a pool of connections is opened with, and what it counts.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct query {
	const char *name, *text; /* the name is for people; the text identifies the query */
	size_t parameters;	 /* their number; all are sent as text */
};

struct db_settings {
	const char *url;
	bool standby; /* of several hosts, those that are standbys are preferred */
	long pool, pool_wait, query_timeout, bulk_timeout; /* as in struct config */
	bool unprepared; /* for a pooler that lends a connection for one transaction only */
	bool writable;	 /* for transactions, see db/transaction.h */
	long age;	 /* seconds after which a connection is replaced; 0: never */
	const struct query *const *queries; /* ends with a null pointer; outlives the db */
};

/* The state of the pool; the members of the second line only grow. */
struct db_statistics {
	uint64_t size, open, idle, waiting; /* connections at most, now, not lent; waiters */
	uint64_t waits, waits_expired, waited_microseconds, connects, connects_failed;
	uint64_t down; /* 1 while it counts as down, else 0 */
};
