#include "command/serve/cache_warmer.h"

#include "api/resource.h"
#include "api/response_cache/dataset_revision.h"
#include "api/routes.h"
#include "base/buffer.h"
#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/banned.h"

enum {
	CHECK_MILLISECONDS = 1000, /* between two checks for a new round */
	TARGET_BYTES = 256,
	DAY_SECONDS = 86400,
};

/* A round requests all targets once. */
struct cache_warmer {
	const struct application *application;
	struct server *server;
	long pause;	       /* milliseconds between two requests */
	struct buffer targets; /* of the round, a line each */
	size_t next;	       /* where the next target begins */
	uint64_t revision;     /* at which the round began */
	time_t day;
	bool begun; /* there was a round, and the database was never away in it */
};

static void add_target(struct buffer *targets, const char *target)
{
	buffer_format(targets, "%s\n%s?lang=fr\n", target, target);
}

static void add_lists(struct buffer *targets)
{
	for (const struct route *route = routes; route->method; route++)
		if (route->handler == resource_list && !strchr(route->template, '{'))
			add_target(targets, route->template);
}

/* Reads the codes from the first column of a CSV table with one header row. */
static void add_profiles(struct buffer *targets, const char *table)
{
	const char *line = strchr(table, '\n');

	for (; line && line[1]; line = strchr(line + 1, '\n')) {
		char target[TARGET_BYTES];

		snprintf(target, sizeof target, "/v1/countries/%.*s/profile",
			 (int)strcspn(line + 1, ",\r\n"), line + 1);
		add_target(targets, target);
	}
}

/* False when there is nothing to do, or when the countries cannot be read. */
static bool begin_round(struct cache_warmer *warmer)
{
	const uint64_t revision = dataset_revision_newest(warmer->application->newest);
	const time_t today = time(NULL) / DAY_SECONDS;
	char *table = NULL;

	if (warmer->begun && warmer->revision == revision && warmer->day == today)
		return false;
	server_fetch(warmer->server, "/v1/countries?fields=code&format=csv", &table);
	if (!table)
		return false;
	buffer_free(&warmer->targets);
	warmer->next = 0;
	warmer->revision = revision;
	warmer->day = today;
	add_lists(&warmer->targets);
	add_profiles(&warmer->targets, table);
	free(table);
	warmer->begun = !warmer->targets.failed;
	return warmer->begun;
}

static void request_next(struct cache_warmer *warmer)
{
	const char *line = warmer->targets.bytes + warmer->next;
	const size_t length = strcspn(line, "\n");
	char target[TARGET_BYTES];

	snprintf(target, sizeof target, "%.*s", (int)length, line);
	server_fetch(warmer->server, target, NULL);
	warmer->next += length + 1;
	if (warmer->next == warmer->targets.length)
		log_write(LOG_INFO, "cache_warmed", LOG_NUMBER("revision", warmer->revision));
}

/* The job: requests one target. */
static long warm_cache(void *context)
{
	struct cache_warmer *warmer = context;
	const struct dataset_revision *dataset = warmer->application->newest;

	if (dataset_revision_away(dataset) || dataset_revision_contact(dataset) == 0) {
		/* Requests may have failed: the next round begins at the first target. */
		warmer->next = warmer->targets.length;
		warmer->begun = false;
		return CHECK_MILLISECONDS;
	}
	if (warmer->next == warmer->targets.length && !begin_round(warmer))
		return CHECK_MILLISECONDS;
	request_next(warmer);
	return warmer->pause;
}

bool cache_warmer_open(const struct application *application, struct server *server, long rate,
		       struct scheduler *scheduler, struct cache_warmer **warmer, struct error *err)
{
	struct cache_warmer *opened;

	if (rate == 0)
		return true;
	opened = calloc(1, sizeof *opened);
	if (!opened)
		return error_out_of_memory(err);
	opened->application = application;
	opened->server = server;
	opened->pause = 1000 / rate;
	if (!scheduler_add(scheduler, warm_cache, opened, err)) {
		free(opened);
		return false;
	}
	*warmer = opened;
	return true;
}

void cache_warmer_close(struct cache_warmer **warmer)
{
	if (!*warmer)
		return;
	buffer_free(&(*warmer)->targets);
	free(*warmer);
	*warmer = NULL;
}
