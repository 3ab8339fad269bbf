#include "db/connect.h"

#include "base/cleanup.h"
#include "base/strings.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

static void free_options(PQconninfoOption **options)
{
	PQconninfoFree(*options);
}

bool connect_url_valid(const char *url, struct error *err)
{
	CLEANUP(free_options) PQconninfoOption *options = NULL;
	char *complaint = NULL;

	options = PQconninfoParse(url, &complaint);
	/* The complaint quotes the text, which may hold a password. */
	PQfreemem(complaint);
	if (!options)
		return error_set(err, ERROR_BAD_REQUEST,
				 "The database URL is neither postgresql://user@host/database "
				 "nor host=... dbname=...; characters with a meaning in it "
				 "must be percent-encoded.");
	return true;
}

void connect_clear(PGresult **result)
{
	PQclear(*result);
}

void connect_complaint(const PGconn *pg, char *text, size_t size)
{
	const char *from = PQerrorMessage(pg);
	size_t length = 0;

	while (*from && length < size - 1) {
		size_t line = strcspn(from, "\n");

		/* An indented line guesses at the cause. */
		if (*from != '\t')
			length += (size_t)snprintf(text + length, size - length, "%s%.*s",
						   length ? " " : "", (int)line, from);
		from += line + (from[line] == '\n');
	}
	if (length == 0)
		snprintf(text, size, "no reason given");
	utf8_trim(text);
}

bool connect_wait(const PGconn *pg, short events, struct deadline deadline, int interrupt)
{
	struct pollfd wait[] = {
		{.fd = PQsocket(pg), .events = events},
		{.fd = interrupt, .events = POLLIN},
	};

	for (;;) {
		/* Even at the deadline one look: what has arrived counts. */
		int ready = poll(wait, 2, deadline_left(deadline));

		if (ready > 0)
			return wait[1].revents == 0;
		if (ready == 0 || errno != EINTR)
			return false;
	}
}

/* Settings that may be overridden by url stand before it, those that may not, after it. */
static PGconn *start(const struct connect_options *options)
{
	const char *const keywords[] = {
		"fallback_application_name", "target_session_attrs",
		"keepalives_idle",	     "keepalives_interval",
		"keepalives_count",	     "dbname",
		"client_encoding",	     NULL,
	};
	const char *const values[] = {
		options->name, options->standby ? "prefer-standby" : NULL,
		"10",	       "5",
		"3",	       options->url,
		"UTF8",	       NULL,
	};

	return PQconnectStartParams(keywords, values, 1);
}

bool connect_open(const struct connect_options *options, PGconn **pg, struct error *err)
{
	PGconn *opened = start(options);
	PostgresPollingStatusType next = PGRES_POLLING_WRITING;
	char complaint[512] = "no answer in time";

	if (!opened)
		return error_out_of_memory(err);
	PQsetNoticeReceiver(opened, options->receive, options->context);
	if (PQstatus(opened) == CONNECTION_BAD)
		next = PGRES_POLLING_FAILED;
	while (next == PGRES_POLLING_READING || next == PGRES_POLLING_WRITING) {
		if (!connect_wait(opened, next == PGRES_POLLING_READING ? POLLIN : POLLOUT,
				  options->deadline, options->interrupt))
			break;
		next = PQconnectPoll(opened);
	}
	if (next == PGRES_POLLING_OK) {
		*pg = opened;
		return true;
	}
	if (next == PGRES_POLLING_FAILED)
		connect_complaint(opened, complaint, sizeof complaint);
	PQfinish(opened);
	return error_set(err, ERROR_UNAVAILABLE, "No connection to the database: %s.", complaint);
}
