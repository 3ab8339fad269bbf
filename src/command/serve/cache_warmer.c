#include "command/serve/cache_warmer.h"

#include "api/resource.h"
#include "api/response_cache/dataset_revision.h"
#include "api/routes.h"
#include "base/log.h"
#include "base/thread.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/banned.h"

enum {
	LOOK_MILLISECONDS = 1000, /* from one look for something new to the next */
	NICENESS = 10,
	TARGET_BYTES = 256,
	DAY_SECONDS = 86400,
};

struct warm_up {
	const struct application *application;
	struct server *server;
	long rate;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool ending; /* guarded by lock */
};

/* Waits; false when it is time to end. */
static bool rest(struct warm_up *warm_up, long milliseconds)
{
	struct deadline end = deadline_after(milliseconds);
	bool going_on;

	pthread_mutex_lock(&warm_up->lock);
	while (!warm_up->ending && thread_wait(&warm_up->changed, &warm_up->lock, end))
		continue;
	going_on = !warm_up->ending;
	pthread_mutex_unlock(&warm_up->lock);
	return going_on;
}

/* Makes an answer in both languages. False when it is time to end or the database is away. */
static bool visit(struct warm_up *warm_up, const char *target)
{
	char french[TARGET_BYTES];

	snprintf(french, sizeof french, "%s?lang=fr", target);
	server_visit(warm_up->server, target, NULL);
	if (!rest(warm_up, 1000 / warm_up->rate))
		return false;
	server_visit(warm_up->server, french, NULL);
	return rest(warm_up, 1000 / warm_up->rate) &&
	       !dataset_revision_away(warm_up->application->newest);
}

static bool visit_lists(struct warm_up *warm_up)
{
	for (const struct route *route = routes; route->method; route++)
		if (route->handler == resource_list && !strchr(route->template, '{') &&
		    !visit(warm_up, route->template))
			return false;
	return true;
}

/* The codes stand in the first column of a table, below its head. */
static bool visit_profiles(struct warm_up *warm_up)
{
	char *table = NULL, *line;
	bool going_on = true;

	server_visit(warm_up->server, "/v1/countries?fields=code&format=csv", &table);
	line = table ? strchr(table, '\n') : NULL;
	while (going_on && line && line[1]) {
		char target[TARGET_BYTES];

		snprintf(target, sizeof target, "/v1/countries/%.*s/profile",
			 (int)strcspn(line + 1, ",\r\n"), line + 1);
		going_on = visit(warm_up, target);
		line = strchr(line + 1, '\n');
	}
	free(table);
	return going_on && table;
}

static void *warm_repeatedly(void *context)
{
	struct warm_up *warm_up = context;
	const struct dataset_revision *newest = warm_up->application->newest;
	uint64_t warmed = UINT64_MAX;
	time_t day = 0;

	/* Of this thread alone, on Linux. */
	setpriority(PRIO_PROCESS, (id_t)gettid(), NICENESS);
	do {
		uint64_t revision = dataset_revision_newest(newest);
		time_t today = time(NULL) / DAY_SECONDS;

		if (dataset_revision_away(newest) || dataset_revision_contact(newest) == 0 ||
		    (revision == warmed && today == day))
			continue;
		if (visit_lists(warm_up) && visit_profiles(warm_up)) {
			warmed = revision;
			day = today;
			log_write(LOG_INFO, "warmed_up", LOG_NUMBER("revision", revision));
		}
	} while (rest(warm_up, LOOK_MILLISECONDS));
	return NULL;
}

bool cache_warmer_open(const struct application *application, struct server *server, long rate,
		       struct warm_up **warm_up, struct error *err)
{
	struct warm_up *opened;

	*warm_up = NULL;
	if (rate == 0)
		return true;
	opened = calloc(1, sizeof *opened);
	if (!opened)
		return error_out_of_memory(err);
	opened->application = application;
	opened->server = server;
	opened->rate = rate;
	pthread_mutex_init(&opened->lock, NULL);
	thread_condition_init(&opened->changed);
	if (!thread_start(&opened->thread, "cache warmer", warm_repeatedly, opened, err)) {
		pthread_cond_destroy(&opened->changed);
		pthread_mutex_destroy(&opened->lock);
		free(opened);
		return false;
	}
	*warm_up = opened;
	return true;
}

void cache_warmer_close(struct warm_up **warm_up)
{
	struct warm_up *closing = *warm_up;

	if (!closing)
		return;
	pthread_mutex_lock(&closing->lock);
	closing->ending = true;
	pthread_cond_signal(&closing->changed);
	pthread_mutex_unlock(&closing->lock);
	pthread_join(closing->thread, NULL);
	pthread_cond_destroy(&closing->changed);
	pthread_mutex_destroy(&closing->lock);
	free(closing);
	*warm_up = NULL;
}
