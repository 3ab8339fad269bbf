/*
 * newest: which revision of the dataset is the newest, as far as can be known.
 *
 * Heard from the database's notifications, else asked through the pool four times a second. While
 * neither answers nobody knows, and answers that were made before are given as what they are: old.
 */
#pragma once
#include <stdint.h>

#include "api/query/query_builder.h"
#include "db/db.h"

struct newest;

struct newest_settings {
	const char *url;		  /* to listen on */
	struct db *primary, *reads;	  /* to ask; the second when the first is away */
	const struct derived *query;	  /* gives the revision */
	void (*went_back)(void *context); /* the database holds an older dataset than before */
	void *context;
};

/* Starts to follow. Fails as follow_open does. */
MUST_CHECK bool newest_open(const struct newest_settings *settings, struct newest **newest,
			    struct error *err);

/* Before the database is closed. */
void newest_close(struct newest **newest);

/* The newest revision heard of. */
uint64_t newest_revision(const struct newest *newest);

/* Tells that an answer came from this revision. */
void newest_saw(struct newest *newest, uint64_t revision);

/* True when the database cannot be reached: the newest revision may not be the newest. */
bool newest_away(const struct newest *newest);

/* True while notifications are heard; else the revision is asked for. */
bool newest_listening(struct newest *newest);

/* When the database last said which revision it has: CLOCK_MONOTONIC in milliseconds, 0 for never.
 */
int64_t newest_contact(const struct newest *newest);
