#include "api/response_cache/dataset_revision.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/thread.h"
#include "cache/entry.h"
#include "db/revision_listener.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/banned.h"

enum { POLL_MILLISECONDS = 250, QUERY_MILLISECONDS = 60000 };

struct dataset_revision {
	struct dataset_revision_settings settings;
	struct revision_listener *listener;
	_Atomic uint64_t revision; /* that of `newest`, to be read without the lock */
	_Atomic int64_t contact;
	atomic_bool away;
	pthread_mutex_t lock; /* protects what follows */
	pthread_cond_t wake_up;
	struct dataset_state newest;
	pthread_t poller;
	bool listening, ending, has_poller;
};

/* Takes note of a state. `back`: the primary has an older revision than it had before. */
static void note_state(struct dataset_revision *dataset, const struct dataset_state *seen,
		       bool back, bool primary)
{
	struct dataset_state *newest = &dataset->newest;
	uint64_t before;
	bool restored;

	pthread_mutex_lock(&dataset->lock);
	before = newest->revision;
	restored = back || (primary && seen->revision == before && seen->changed &&
			    newest->changed && seen->changed != newest->changed);
	if (restored || seen->revision > before || (seen->revision == before && !newest->changed))
		*newest = *seen;
	atomic_store(&dataset->revision, newest->revision);
	pthread_mutex_unlock(&dataset->lock);
	if (!restored)
		return;
	log_write(LOG_WARNING, "dataset_restored", LOG_NUMBER("before", before),
		  LOG_NUMBER("revision", seen->revision));
	dataset->settings.restored(dataset->settings.context);
}

static void note_contact(struct dataset_revision *dataset)
{
	atomic_store(&dataset->contact, entry_clock());
	atomic_store(&dataset->away, false);
}

static uint64_t known_revision(void *context)
{
	return dataset_revision_newest(context);
}

static void listener_saw(void *context, uint64_t revision, int64_t changed, bool back)
{
	struct dataset_revision *dataset = context;

	note_state(dataset, &(struct dataset_state){revision, changed}, back, true);
	note_contact(dataset);
	pthread_mutex_lock(&dataset->lock);
	dataset->listening = true;
	pthread_cond_signal(&dataset->wake_up);
	pthread_mutex_unlock(&dataset->lock);
}

/* The database counts as away until a poll succeeds. */
static void listener_disconnected(void *context, bool timed_out)
{
	struct dataset_revision *dataset = context;
	bool never = atomic_load(&dataset->contact) == 0, listened;

	/* Under the lock, so that the next poll begins after this. */
	pthread_mutex_lock(&dataset->lock);
	if (dataset->listening || never)
		atomic_store(&dataset->away, true);
	listened = dataset->listening && !never;
	dataset->listening = false;
	pthread_cond_signal(&dataset->wake_up);
	pthread_mutex_unlock(&dataset->lock);
	/* That a connection ended, or cannot be made again, proves nothing about the pool. */
	if (listened && timed_out)
		db_doubt(dataset->settings.primary);
}

static bool read_state(const struct dataset_revision *dataset, struct db *db,
		       struct dataset_state *state)
{
	CLEANUP(rows_free) struct rows rows = {0};
	struct error unused;

	if (!db_rows(db, dataset->settings.query, NULL, deadline_after(QUERY_MILLISECONDS), &rows,
		     &unused) ||
	    rows.count != 1)
		return false;
	state->revision = strtoull(rows_text(&rows, 0, 0), NULL, 10);
	state->changed = strtoll(rows_text(&rows, 0, 1), NULL, 10);
	return true;
}

static void poll_databases(struct dataset_revision *dataset)
{
	struct db *primary = dataset->settings.primary, *reads = dataset->settings.reads;
	const struct dataset_state before = dataset_revision_state(dataset);
	struct dataset_state seen;

	if (read_state(dataset, primary, &seen)) {
		dataset_revision_saw(dataset, &before, &seen, true);
	} else if (reads != primary && read_state(dataset, reads, &seen)) {
		dataset_revision_saw(dataset, &before, &seen, false);
	} else {
		atomic_store(&dataset->away, true);
		return;
	}
	note_contact(dataset);
}

/* Polls while the listener is disconnected. */
static void *poll_until_closed(void *context)
{
	struct dataset_revision *dataset = context;

	pthread_mutex_lock(&dataset->lock);
	while (!dataset->ending) {
		struct deadline next = deadline_after(POLL_MILLISECONDS);

		if (dataset->listening) {
			pthread_cond_wait(&dataset->wake_up, &dataset->lock);
			continue;
		}
		pthread_mutex_unlock(&dataset->lock);
		poll_databases(dataset);
		pthread_mutex_lock(&dataset->lock);
		while (!dataset->ending && !dataset->listening &&
		       thread_wait(&dataset->wake_up, &dataset->lock, next))
			continue;
	}
	pthread_mutex_unlock(&dataset->lock);
	return NULL;
}

bool dataset_revision_open(const struct dataset_revision_settings *settings,
			   struct dataset_revision **dataset, struct error *err)
{
	struct dataset_revision *opened = calloc(1, sizeof *opened);
	const struct revision_listener_settings listener = {
		.url = settings->url,
		.known = known_revision,
		.seen = listener_saw,
		.disconnected = listener_disconnected,
		.context = opened,
	};

	if (!opened)
		return error_out_of_memory(err);
	opened->settings = *settings;
	pthread_mutex_init(&opened->lock, NULL);
	thread_condition_init(&opened->wake_up);
	/* The thread polls from the moment when the listener has failed. */
	opened->listening = true;
	opened->has_poller =
		thread_start(&opened->poller, "revision poll", poll_until_closed, opened, err);
	if (!opened->has_poller || !revision_listener_open(&listener, &opened->listener, err)) {
		dataset_revision_close(&opened);
		return false;
	}
	*dataset = opened;
	return true;
}

void dataset_revision_close(struct dataset_revision **dataset)
{
	struct dataset_revision *closing = *dataset;

	if (!closing)
		return;
	revision_listener_close(&closing->listener);
	pthread_mutex_lock(&closing->lock);
	closing->ending = true;
	pthread_cond_signal(&closing->wake_up);
	pthread_mutex_unlock(&closing->lock);
	if (closing->has_poller)
		pthread_join(closing->poller, NULL);
	pthread_cond_destroy(&closing->wake_up);
	pthread_mutex_destroy(&closing->lock);
	free(closing);
	*dataset = NULL;
}

uint64_t dataset_revision_newest(const struct dataset_revision *dataset)
{
	return atomic_load_explicit(&dataset->revision, memory_order_relaxed);
}

struct dataset_state dataset_revision_state(struct dataset_revision *dataset)
{
	struct dataset_state newest;

	pthread_mutex_lock(&dataset->lock);
	newest = dataset->newest;
	pthread_mutex_unlock(&dataset->lock);
	return newest;
}

void dataset_revision_saw(struct dataset_revision *dataset, const struct dataset_state *before,
			  const struct dataset_state *seen, bool primary)
{
	/* Without a time there was no row: the dataset is being restored. */
	if (seen->changed)
		note_state(dataset, seen, primary && seen->revision < before->revision, primary);
}

bool dataset_revision_away(const struct dataset_revision *dataset)
{
	return atomic_load_explicit(&dataset->away, memory_order_relaxed);
}

bool dataset_revision_listening(struct dataset_revision *dataset)
{
	bool listening;

	pthread_mutex_lock(&dataset->lock);
	/* Until the first contact `listening` is an assumption. */
	listening = dataset->listening && atomic_load(&dataset->contact) > 0;
	pthread_mutex_unlock(&dataset->lock);
	return listening;
}

int64_t dataset_revision_contact(const struct dataset_revision *dataset)
{
	return atomic_load_explicit(&dataset->contact, memory_order_relaxed);
}
