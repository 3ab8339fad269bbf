#include "api/response_cache/dataset_revision.h"

#include "base/cleanup.h"
#include "base/thread.h"
#include "cache/entry.h"
#include "db/revision_listener.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/banned.h"

enum { ASK_MILLISECONDS = 250, PATIENCE_MILLISECONDS = 60000 };

struct dataset_revision {
	struct dataset_revision_settings settings;
	struct revision_listener *follow;
	_Atomic uint64_t revision;
	_Atomic int64_t contact;
	atomic_bool away;
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t changed;
	pthread_t asker;
	bool listening, ending, has_asker;
};

static void raise_to(struct dataset_revision *newest, uint64_t revision)
{
	uint64_t known = atomic_load(&newest->revision);

	while (known < revision &&
	       !atomic_compare_exchange_weak(&newest->revision, &known, revision))
		continue;
}

static void confirm(struct dataset_revision *newest)
{
	atomic_store(&newest->contact, entry_clock());
	atomic_store(&newest->away, false);
}

/* Nothing that was kept can be told from what the older dataset will come to. */
static void go_back(struct dataset_revision *newest, uint64_t revision)
{
	atomic_store(&newest->revision, revision);
	newest->settings.went_back(newest->settings.context);
}

static uint64_t known(void *context)
{
	struct dataset_revision *newest = context;

	return atomic_load(&newest->revision);
}

static void set_listening(struct dataset_revision *newest)
{
	pthread_mutex_lock(&newest->lock);
	newest->listening = true;
	pthread_cond_signal(&newest->changed);
	pthread_mutex_unlock(&newest->lock);
}

static void heard(void *context, uint64_t revision, bool back)
{
	struct dataset_revision *newest = context;

	if (back)
		go_back(newest, revision);
	raise_to(newest, revision);
	confirm(newest);
	set_listening(newest);
}

/* Away until the pool says otherwise. */
static void cut_off(void *context, bool silent)
{
	struct dataset_revision *newest = context;
	bool never = atomic_load(&newest->contact) == 0, listened;

	/* The lock is held while this is said: whoever asks through the pool asks afterwards. */
	pthread_mutex_lock(&newest->lock);
	if (newest->listening || never)
		atomic_store(&newest->away, true);
	listened = newest->listening && !never;
	newest->listening = false;
	pthread_cond_signal(&newest->changed);
	pthread_mutex_unlock(&newest->lock);
	/* A connection that ended, or cannot be made again, says nothing of the pool's. */
	if (listened && silent)
		db_doubt(newest->settings.primary);
}

static bool ask_database(const struct dataset_revision *newest, struct db *db, uint64_t *revision)
{
	const struct query *statement = newest->settings.query;
	CLEANUP(rows_free) struct rows rows = {0};
	struct error unsaid;

	if (!db_rows(db, statement, NULL, deadline_after(PATIENCE_MILLISECONDS), &rows, &unsaid) ||
	    rows.count != 1)
		return false;
	*revision = strtoull(rows_text(&rows, 0, 0), NULL, 10);
	return true;
}

static void ask(struct dataset_revision *newest)
{
	struct db *primary = newest->settings.primary, *reads = newest->settings.reads;
	uint64_t before = atomic_load(&newest->revision), revision;

	if (ask_database(newest, primary, &revision)) {
		if (revision < before)
			go_back(newest, revision);
	} else if (reads == primary || !ask_database(newest, reads, &revision)) {
		atomic_store(&newest->away, true);
		return;
	}
	/* A standby knows no better, but it may be behind. */
	raise_to(newest, revision);
	confirm(newest);
}

/* Asks whenever nobody listens. */
static void *ask_again(void *context)
{
	struct dataset_revision *newest = context;

	pthread_mutex_lock(&newest->lock);
	while (!newest->ending) {
		struct deadline next = deadline_after(ASK_MILLISECONDS);

		if (newest->listening) {
			pthread_cond_wait(&newest->changed, &newest->lock);
			continue;
		}
		pthread_mutex_unlock(&newest->lock);
		ask(newest);
		pthread_mutex_lock(&newest->lock);
		while (!newest->ending && !newest->listening &&
		       thread_wait(&newest->changed, &newest->lock, next))
			continue;
	}
	pthread_mutex_unlock(&newest->lock);
	return NULL;
}

bool dataset_revision_open(const struct dataset_revision_settings *settings,
			   struct dataset_revision **newest, struct error *err)
{
	const struct revision_listener_settings follow = {
		.url = settings->url, .known = known, .seen = heard, .disconnected = cut_off};
	struct dataset_revision *opened = calloc(1, sizeof *opened);
	struct revision_listener_settings mine = follow;

	if (!opened)
		return error_out_of_memory(err);
	mine.context = opened;
	opened->settings = *settings;
	pthread_mutex_init(&opened->lock, NULL);
	thread_condition_init(&opened->changed);
	/* Until the first word nothing is known, and nothing is kept that could be old. */
	opened->listening = true;
	opened->has_asker = thread_start(&opened->asker, "revision poll", ask_again, opened, err);
	if (!opened->has_asker || !revision_listener_open(&mine, &opened->follow, err)) {
		dataset_revision_close(&opened);
		return false;
	}
	*newest = opened;
	return true;
}

void dataset_revision_close(struct dataset_revision **newest)
{
	struct dataset_revision *closing = *newest;

	if (!closing)
		return;
	revision_listener_close(&closing->follow);
	pthread_mutex_lock(&closing->lock);
	closing->ending = true;
	pthread_cond_signal(&closing->changed);
	pthread_mutex_unlock(&closing->lock);
	if (closing->has_asker)
		pthread_join(closing->asker, NULL);
	pthread_cond_destroy(&closing->changed);
	pthread_mutex_destroy(&closing->lock);
	free(closing);
	*newest = NULL;
}

uint64_t dataset_revision_newest(const struct dataset_revision *newest)
{
	return atomic_load_explicit(&newest->revision, memory_order_relaxed);
}

void dataset_revision_saw(struct dataset_revision *newest, uint64_t revision)
{
	raise_to(newest, revision);
}

bool dataset_revision_away(const struct dataset_revision *newest)
{
	return atomic_load_explicit(&newest->away, memory_order_relaxed);
}

bool dataset_revision_listening(struct dataset_revision *newest)
{
	bool listening;

	pthread_mutex_lock(&newest->lock);
	/* Before the first word it is only hoped for. */
	listening = newest->listening && atomic_load(&newest->contact) > 0;
	pthread_mutex_unlock(&newest->lock);
	return listening;
}

int64_t dataset_revision_contact(const struct dataset_revision *newest)
{
	return atomic_load_explicit(&newest->contact, memory_order_relaxed);
}
