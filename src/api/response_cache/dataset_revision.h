/*
 * newest: which revision of the dataset is the newest, as far as can be known.
 *
 * Heard from the database's notifications, else asked through the pool four times a second. While
 * neither answers nobody knows, and answers that were made before are given as what they are: old.
 */
#pragma once
#include <stdint.h>

#include "db/db.h"

struct dataset_revision;

struct dataset_revision_settings {
	const char *url;		  /* to listen on */
	struct db *primary, *reads;	  /* to ask; the second when the first is away */
	const struct query *query;	  /* gives the revision */
	void (*went_back)(void *context); /* the database holds an older dataset than before */
	void *context;
};

/* Starts to follow. Fails as revision_listener_open does. */
MUST_CHECK bool dataset_revision_open(const struct dataset_revision_settings *settings,
				      struct dataset_revision **newest, struct error *err);

/* Before the database is closed. */
void dataset_revision_close(struct dataset_revision **newest);

/* The newest revision heard of. */
uint64_t dataset_revision_newest(const struct dataset_revision *newest);

/* Tells that an answer came from this revision. */
void dataset_revision_saw(struct dataset_revision *newest, uint64_t revision);

/* True when the database cannot be reached: the newest revision may not be the newest. */
bool dataset_revision_away(const struct dataset_revision *newest);

/* True while notifications are heard; else the revision is asked for. */
bool dataset_revision_listening(struct dataset_revision *newest);

/* When the database last said which revision it has: CLOCK_MONOTONIC in milliseconds, 0 for never.
 */
int64_t dataset_revision_contact(const struct dataset_revision *newest);
