/*
 * dataset_revision: the newest known revision of the dataset.
 *
 * The database notifies the service of each change. While the listener is disconnected, a thread
 * polls through the pool four times a second. While neither works, the database is away: the newest
 * revision is not known, and cached responses are stale.
 *
 * A revision number alone does not identify a dataset: a restored dump may be brought to a number
 * that the service has seen with other content. So each state has the time of its revision too. The
 * dataset counts as restored when the primary has an older revision than before, or the same one
 * with another time. Polls detect that within a second, and the first query of the primary at once.
 * A restore between two polls that already has a higher revision needs no detection: no older
 * response is valid for it.
 */
#pragma once
#include <stdint.h>

#include "db/db.h"

struct dataset_revision;

struct dataset_state {
	uint64_t revision;
	int64_t changed; /* when the dataset got it: microseconds since 1970; 0: unknown */
};

struct dataset_revision_settings {
	const char *url;		 /* to listen on */
	struct db *primary, *reads;	 /* to poll; the second one while the first is away */
	const struct query *query;	 /* returns a state */
	void (*restored)(void *context); /* the primary has another dataset than before */
	void *context;
};

/* Starts to follow the dataset. Fails as revision_listener_open does. */
MUST_CHECK bool dataset_revision_open(const struct dataset_revision_settings *settings,
				      struct dataset_revision **dataset, struct error *err);

/* To be called before the databases are closed. */
void dataset_revision_close(struct dataset_revision **dataset);

uint64_t dataset_revision_newest(const struct dataset_revision *dataset);
struct dataset_state dataset_revision_state(struct dataset_revision *dataset);

/* Takes note of the state that a query read. `before` is the state that was known when the query
 * began; `primary`: the query ran on the primary, and not on a standby that may be behind. */
void dataset_revision_saw(struct dataset_revision *dataset, const struct dataset_state *before,
			  const struct dataset_state *seen, bool primary);

/* Whether no database responds. */
bool dataset_revision_away(const struct dataset_revision *dataset);

/* Whether the listener is connected; else the revision is polled. */
bool dataset_revision_listening(struct dataset_revision *dataset);

/* When a database last returned the revision: CLOCK_MONOTONIC in milliseconds, 0 for never. */
int64_t dataset_revision_contact(const struct dataset_revision *dataset);
