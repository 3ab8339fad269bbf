#include "db/revision_listener.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/thread.h"
#include "db/connect.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/banned.h"

enum {
	CONNECT_MILLISECONDS = 2000,
	POLL_MILLISECONDS = 1000,     /* from one query to the next */
	RESPONSE_MILLISECONDS = 1000, /* that its result may take */
	AGAIN_MILLISECONDS = 250,     /* from one failed connect to the next */
	STOP_MILLISECONDS = 1000      /* for the thread, which may be looking up a host name */
};

#define REVISION                                                                                   \
	"SELECT revision, (extract(epoch FROM changed_at) * 1000000)::bigint FROM "                \
	"dataset_revision"

struct revision_listener {
	struct revision_listener_settings settings;
	char *url;
	int stop; /* an eventfd, readable once it is stopping */
	pthread_t thread;
	bool failure_logged; /* and has not been connected since */
	bool timed_out;	     /* the last query got no result in time */
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

static void take_notifications(struct revision_listener *listener, PGconn *pg)
{
	for (;;) {
		CLEANUP(free_notification) PGnotify *notification = PQnotifies(pg);

		if (!notification)
			return;
		listener->settings.seen(listener->settings.context,
					strtoull(notification->extra, NULL, 10), 0, false);
	}
}

/* Runs a query and takes its one result in time; the caller clears it. */
static bool run_query(struct revision_listener *listener, PGconn *pg, const char *query,
		      PGresult **result)
{
	struct deadline deadline = deadline_after(RESPONSE_MILLISECONDS);
	enum query_outcome outcome;

	if (!PQsendQuery(pg, query))
		return false;
	outcome = connect_result(pg, deadline, listener->stop, result);
	listener->timed_out = outcome == QUERY_LATE;
	return outcome == QUERY_COMPLETED && connect_succeeded(*result);
}

/* Reads the revision. A notification that comes meanwhile may be newer than the result. */
static bool poll_revision(struct revision_listener *listener, PGconn *pg)
{
	const struct revision_listener_settings *settings = &listener->settings;
	CLEANUP(connect_clear) PGresult *result = NULL;
	uint64_t before = settings->known(settings->context), revision;

	if (!run_query(listener, pg, REVISION, &result) || PQntuples(result) != 1)
		return false;
	revision = strtoull(PQgetvalue(result, 0, 0), NULL, 10);
	settings->seen(settings->context, revision, strtoll(PQgetvalue(result, 0, 1), NULL, 10),
		       revision < before);
	take_notifications(listener, pg);
	return true;
}

static bool start_listening(struct revision_listener *listener, PGconn *pg)
{
	CLEANUP(connect_clear) PGresult *result = NULL;

	return PQsetnonblocking(pg, 1) == 0 && run_query(listener, pg, "LISTEN dataset", &result);
}

static bool is_stopping(const struct revision_listener *listener)
{
	struct pollfd wait = {.fd = listener->stop, .events = POLLIN};

	return poll(&wait, 1, 0) > 0;
}

/* Listens until the connection is lost or the listener stops. */
static void listen_until_lost(struct revision_listener *listener, PGconn *pg)
{
	struct deadline next = deadline_after(0);

	while (!is_stopping(listener)) {
		if (deadline_passed(next)) {
			next = deadline_after(POLL_MILLISECONDS);
			if (!poll_revision(listener, pg))
				return;
		}
		if (!connect_wait(pg, POLLIN, next, listener->stop))
			continue;
		if (!PQconsumeInput(pg))
			return;
		take_notifications(listener, pg);
	}
}

static void connect_and_listen(struct revision_listener *listener)
{
	const struct connect_options options = {
		.url = listener->url,
		.name = "cybertreaty listen",
		.deadline = deadline_after(CONNECT_MILLISECONDS),
		.interrupt = listener->stop,
		.receive = drop_notice,
	};
	CLEANUP(finish_connection) PGconn *pg = NULL;
	struct error err;

	listener->timed_out = false;
	if (connect_open(&options, &pg, NULL, &err) && start_listening(listener, pg)) {
		log_write(LOG_INFO, "listener_connected", LOG_TEXT("channel", "dataset"));
		listener->failure_logged = false;
		listen_until_lost(listener, pg);
		error_set(&err, ERROR_UNAVAILABLE, "%s",
			  listener->timed_out ? "No response in time."
					      : "The connection was lost.");
	} else if (pg) {
		error_set(&err, ERROR_UNAVAILABLE, "LISTEN failed.");
	}
	if (!listener->failure_logged && !is_stopping(listener))
		log_write(LOG_WARNING, "listener_disconnected", LOG_TEXT("detail", err.message));
	listener->failure_logged = true;
}

/* Once the listener is stopping, nothing of the settings is used any more. */
static void *listen_until_stopped(void *context)
{
	struct revision_listener *listener = context;

	while (!is_stopping(listener)) {
		struct pollfd wait = {.fd = listener->stop, .events = POLLIN};
		struct deadline again = deadline_after(AGAIN_MILLISECONDS);

		connect_and_listen(listener);
		if (is_stopping(listener))
			break;
		listener->settings.disconnected(listener->settings.context, listener->timed_out);
		poll(&wait, 1, deadline_left(again));
	}
	return NULL;
}

static void free_listener(struct revision_listener *listener)
{
	if (listener->stop >= 0)
		close(listener->stop);
	free(listener->url);
	free(listener);
}

static bool start_thread(struct revision_listener *listener, struct error *err)
{
	if (!listener->url)
		return error_out_of_memory(err);
	if (listener->stop < 0)
		return error_set(err, ERROR_INTERNAL, "The listener needs one more descriptor.");
	return thread_start(&listener->thread, "listener", listen_until_stopped, listener, err);
}

bool revision_listener_open(const struct revision_listener_settings *settings,
			    struct revision_listener **listener, struct error *err)
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
	if (!start_thread(opened, err)) {
		free_listener(opened);
		return false;
	}
	*listener = opened;
	return true;
}

void revision_listener_close(struct revision_listener **listener)
{
	struct revision_listener *closing = *listener;

	*listener = NULL;
	if (!closing)
		return;
	eventfd_write(closing->stop, 1);
	/* As in db_close, the resolver may hold the thread. */
	if (thread_join(closing->thread, deadline_after(STOP_MILLISECONDS)))
		free_listener(closing);
}
