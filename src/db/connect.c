#include "db/connect.h"

#include "base/cleanup.h"
#include "base/buffer.h"
#include "base/utf8.h"
#include "db/hosts.h"
#include "db/dns_lookup.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

bool connect_url_valid(const char *url, struct error *err)
{
	CLEANUP(hosts_free) struct hosts hosts = {0};

	return hosts_read(url, &hosts, err);
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

enum { PARAMETERS_MAXIMUM = 80 };

/* What libpq is given; of a keyword that comes twice, the later counts. */
struct parameters {
	const char *keywords[PARAMETERS_MAXIMUM + 1], *values[PARAMETERS_MAXIMUM + 1];
	size_t count;
};

static void add(struct parameters *parameters, const char *keyword, const char *value)
{
	if (!value || parameters->count == PARAMETERS_MAXIMUM)
		return;
	parameters->keywords[parameters->count] = keyword;
	parameters->values[parameters->count++] = value;
}

/* The options of url, but for those that say where to. */
static void add_options(struct parameters *parameters, const struct hosts *hosts)
{
	static const char *const place[] = {"host", "hostaddr", "port", NULL};

	for (const PQconninfoOption *option = hosts->options; option->keyword; option++) {
		const char *const *left_out = place;

		while (*left_out && strcmp(*left_out, option->keyword) != 0)
			left_out++;
		if (!*left_out)
			add(parameters, option->keyword, option->val);
	}
}

/* Settings that may be overridden by url stand before it, those that may not, after it. */
static PGconn *start(const struct connect_options *options, const struct hosts *hosts,
		     const struct host *host, bool any)
{
	struct parameters parameters = {0};

	add(&parameters, "fallback_application_name", options->name);
	add(&parameters, "keepalives_idle", "10");
	add(&parameters, "keepalives_interval", "5");
	add(&parameters, "keepalives_count", "3");
	add_options(&parameters, hosts);
	add(&parameters, "host", host->name);
	add(&parameters, "hostaddr", host->address);
	add(&parameters, "port", host->port);
	add(&parameters, "target_session_attrs", any ? "any" : NULL);
	add(&parameters, "client_encoding", "UTF8");
	return PQconnectStartParams(parameters.keywords, parameters.values, 0);
}

/* Waits until the connection is there; false with what is wrong in `complaint`. */
static bool finish(PGconn *pg, const struct connect_options *options, struct deadline deadline,
		   char *complaint, size_t size)
{
	PostgresPollingStatusType next =
		PQstatus(pg) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;

	PQsetNoticeReceiver(pg, options->receive, options->context);
	while (next == PGRES_POLLING_READING || next == PGRES_POLLING_WRITING) {
		if (!connect_wait(pg, next == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline,
				  options->interrupt)) {
			snprintf(complaint, size, "no answer in time");
			return false;
		}
		next = PQconnectPoll(pg);
	}
	if (next == PGRES_POLLING_FAILED)
		connect_complaint(pg, complaint, size);
	return next == PGRES_POLLING_OK;
}

static bool is_standby(const PGconn *pg)
{
	const char *standby = PQparameterStatus(pg, "in_hot_standby");

	return standby && strcmp(standby, "on") == 0;
}

static bool prefers_standby(const struct connect_options *options, const struct hosts *hosts)
{
	const char *wanted = hosts_option(hosts, "target_session_attrs");

	return wanted ? strcmp(wanted, "prefer-standby") == 0 : options->standby;
}

/* Begins to connect to a host, whose name is looked up here if it has one. NULL with what is wrong
 * in `complaint`. */
static PGconn *start_by_address(const struct connect_options *options, const struct hosts *hosts,
				struct host host, struct deadline deadline, char *complaint,
				size_t size)
{
	CLEANUP(buffer_free) struct buffer names = {0}, addresses = {0};
	size_t count;

	snprintf(complaint, size, "out of memory");
	if (host.address || !dns_lookup_needed(host.name))
		return start(options, hosts, &host, prefers_standby(options, hosts));
	count = dns_lookup_addresses(host.name, deadline, options->interrupt, &addresses, complaint,
				     size);
	/* To libpq each address is a host, and certificates are held against the name. */
	for (size_t i = 0; i < count; i++)
		buffer_format(&names, "%s%s", i ? "," : "", host.name);
	if (count == 0 || names.failed)
		return NULL;
	host.name = names.bytes;
	host.address = addresses.bytes;
	return start(options, hosts, &host, prefers_standby(options, hosts));
}

/* Connects to one host. *pg is the caller's; NULL, with what is wrong noted, when it failed. */
static PGconn *try_host(const struct connect_options *options, const struct hosts *hosts,
			size_t place, struct deadline deadline, struct buffer *complaints)
{
	char complaint[512];
	PGconn *pg = start_by_address(options, hosts, hosts->each[place], deadline, complaint,
				      sizeof complaint);

	if (pg && finish(pg, options, deadline, complaint, sizeof complaint))
		return pg;
	PQfinish(pg);
	if (hosts->count > 1)
		buffer_format(complaints, "%shost %zu: ", complaints->length ? "; " : "",
			      place + 1);
	buffer_text(complaints, complaint);
	return NULL;
}

bool connect_open(const struct connect_options *options, PGconn **pg, bool *second_best,
		  struct error *err)
{
	CLEANUP(hosts_free) struct hosts hosts = {0};
	CLEANUP(buffer_free) struct buffer complaints = {0};
	PGconn *found = NULL;
	bool standby, fits = false;

	if (!hosts_read(options->url, &hosts, err))
		return false;
	standby = prefers_standby(options, &hosts);
	for (size_t i = 0; i < hosts.count && !fits; i++) {
		size_t place = ((standby ? options->turn : 0) + i) % hosts.count;
		/* Of several, each leaves a part of the time to who comes after it: the next host,
		 * and at the end the caller, who makes the connection ready. */
		int parts = hosts.count > 1 ? (int)(hosts.count - i) + 1 : 1;
		struct deadline part = deadline_part(options->deadline, parts);
		PGconn *next = try_host(options, &hosts, place, part, &complaints);

		fits = next && (!standby || is_standby(next));
		/* The first that answered stands in, should no host fit. */
		if (next && (fits || !found)) {
			PQfinish(found);
			found = next;
		} else {
			PQfinish(next);
		}
	}
	if (!found)
		return error_set(err, ERROR_UNAVAILABLE, "No connection to the database: %s.",
				 complaints.failed ? "out of memory" : complaints.bytes);
	if (second_best)
		*second_best = !fits;
	*pg = found;
	return true;
}
