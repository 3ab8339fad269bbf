#include "db/revision_listener.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "db/connect.h"
#include "db/exchange.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/banned.h"

enum {
	CONNECT_MILLISECONDS = 2000,
	BEAT_MILLISECONDS = 1000,   /* from one question to the next */
	ANSWER_MILLISECONDS = 1000, /* that its answer may take */
	AGAIN_MILLISECONDS = 250,   /* from one failed connect to the next */
};

struct revision_listener {
	struct revision_listener_settings settings; /* with a url of its own */
	char *url;
	int stop; /* an eventfd, readable once it is to end */
	pthread_t thread;
	bool complained; /* of being cut off, and has not been connected since */
	bool silent;	 /* the last question was not answered in time */
};

static void finish_connection(PGconn **pg)
{
	PQfinish(*pg);
}

static void free_notification(PGnotify **notification)
{
	PQfreemem(*notification);
}

static void drop_notice(void *context, const PGresult *result)
{
	(void)context;
	(void)result;
}

static void take_notifications(struct revision_listener *follow, PGconn *pg)
{
	for (;;) {
		CLEANUP(free_notification) PGnotify *notification = PQnotifies(pg);

		if (!notification)
			return;
		follow->settings.heard(follow->settings.context,
				       strtoull(notification->extra, NULL, 10), false);
	}
}

/* Sends a query and takes its one result in time, which is the caller's. */
static bool ask(struct revision_listener *follow, PGconn *pg, const char *query, PGresult **result)
{
	struct deadline deadline = deadline_after(ANSWER_MILLISECONDS);
	enum outcome outcome;

	if (!PQsendQuery(pg, query))
		return false;
	outcome = exchange_result(pg, deadline, follow->stop, result);
	follow->silent = outcome == OUTCOME_LATE;
	return outcome == OUTCOME_ANSWERED && exchange_succeeded(*result);
}

/* Asks for the revision. What is notified or seen meanwhile is newer than the answer may be. */
static bool beat(struct revision_listener *follow, PGconn *pg)
{
	const struct revision_listener_settings *settings = &follow->settings;
	CLEANUP(connect_clear) PGresult *result = NULL;
	uint64_t before = settings->known(settings->context), revision;

	if (!ask(follow, pg, "SELECT revision FROM dataset_revision", &result) ||
	    PQntuples(result) != 1)
		return false;
	revision = strtoull(PQgetvalue(result, 0, 0), NULL, 10);
	settings->heard(settings->context, revision, revision < before);
	take_notifications(follow, pg);
	return true;
}

static bool listen_to(struct revision_listener *follow, PGconn *pg)
{
	CLEANUP(connect_clear) PGresult *result = NULL;

	return ask(follow, pg, "LISTEN dataset", &result);
}

static bool stopping(const struct revision_listener *follow)
{
	struct pollfd wait = {.fd = follow->stop, .events = POLLIN};

	return poll(&wait, 1, 0) > 0;
}

/* Listens until the connection is lost or it is time to stop. */
static void listen_on(struct revision_listener *follow, PGconn *pg)
{
	struct deadline next = deadline_after(0);

	while (!stopping(follow)) {
		if (deadline_passed(next)) {
			next = deadline_after(BEAT_MILLISECONDS);
			if (!beat(follow, pg))
				return;
		}
		if (!connect_wait(pg, POLLIN, next, follow->stop))
			continue;
		if (!PQconsumeInput(pg))
			return;
		take_notifications(follow, pg);
	}
}

/* Connects and listens. False when it could not, or no longer can. */
static void follow_once(struct revision_listener *follow)
{
	const struct connect_options options = {
		.url = follow->url,
		.name = "cybertreaty listen",
		.deadline = deadline_after(CONNECT_MILLISECONDS),
		.interrupt = follow->stop,
		.receive = drop_notice,
	};
	CLEANUP(finish_connection) PGconn *pg = NULL;
	struct error err;

	follow->silent = false;
	if (connect_open(&options, &pg, NULL, &err) && listen_to(follow, pg)) {
		log_write(LOG_INFO, "listening_to_dataset", LOG_TEXT("channel", "dataset"));
		follow->complained = false;
		listen_on(follow, pg);
		error_set(&err, ERROR_UNAVAILABLE, "%s",
			  follow->silent ? "No answer in time." : "The connection was lost.");
	} else if (pg) {
		error_set(&err, ERROR_UNAVAILABLE, "LISTEN was not answered.");
	}
	if (!follow->complained && !stopping(follow))
		log_write(LOG_WARNING, "cut_off_from_dataset", LOG_TEXT("detail", err.message));
	follow->complained = true;
}

static void *run(void *context)
{
	struct revision_listener *follow = context;

	while (!stopping(follow)) {
		struct pollfd wait = {.fd = follow->stop, .events = POLLIN};
		struct deadline again = deadline_after(AGAIN_MILLISECONDS);

		follow_once(follow);
		if (stopping(follow))
			break;
		follow->settings.cut_off(follow->settings.context, follow->silent);
		poll(&wait, 1, deadline_left(again));
	}
	return NULL;
}

static void release(struct revision_listener *follow)
{
	if (follow->stop >= 0)
		close(follow->stop);
	free(follow->url);
	free(follow);
}

bool revision_listener_open(const struct revision_listener_settings *settings,
			    struct revision_listener **follow, struct error *err)
{
	struct revision_listener *opened;

	if (!connect_url_valid(settings->url, err))
		return false;
	opened = calloc(1, sizeof *opened);
	if (!opened)
		return error_out_of_memory(err);
	opened->settings = *settings;
	opened->url = strdup(settings->url);
	opened->stop = eventfd(0, EFD_CLOEXEC);
	if (!opened->url || opened->stop < 0 ||
	    pthread_create(&opened->thread, NULL, run, opened) != 0) {
		release(opened);
		return error_set(err, ERROR_INTERNAL, "No thread can be started to listen.");
	}
	*follow = opened;
	return true;
}

void revision_listener_close(struct revision_listener **follow)
{
	if (!*follow)
		return;
	eventfd_write((*follow)->stop, 1);
	pthread_join((*follow)->thread, NULL);
	release(*follow);
	*follow = NULL;
}
