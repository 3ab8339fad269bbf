#include "db/connect.h"

#include "base/cleanup.h"
#include "base/buffer.h"
#include "base/utf8.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

/* The lists of a connection string that say where to connect. libpq pairs their elements. It can
 * try several hosts itself, but its asynchronous form has no time limit for one of them, and a host
 * that accepts connections without a response ends its search. */
enum { HOST, ADDRESS, PORT, LISTS };

static const char *const list_keywords[LISTS] = {"host", "hostaddr", "port"};

struct places {
	PQconninfoOption *options; /* of the connection string, in libpq's form */
	const char *lists[LISTS];  /* NULL: not there */
	size_t count;		   /* of hosts, at least 1 */
};

static const char *option_value(const struct places *places, const char *keyword)
{
	const PQconninfoOption *option = places->options;

	while (option->keyword && strcmp(option->keyword, keyword) != 0)
		option++;
	return option->val;
}

static size_t list_length(const char *list)
{
	size_t length = list ? 1 : 0;

	for (; list && *list; list++)
		length += *list == ',';
	return length;
}

static void free_places(struct places *places)
{
	PQconninfoFree(places->options);
}

static bool read_places(const char *url, struct places *places, struct error *err)
{
	size_t lengths[LISTS];
	char *reason = NULL;

	places->options = PQconninfoParse(url, &reason);
	/* The reason quotes the text, which may contain a password. */
	PQfreemem(reason);
	if (!places->options)
		return error_set(err, ERROR_BAD_REQUEST,
				 "The database URL is neither postgresql://user@host/database "
				 "nor host=... dbname=...; characters with a meaning in it "
				 "must be percent-encoded.");
	for (size_t i = 0; i < LISTS; i++) {
		places->lists[i] = option_value(places, list_keywords[i]);
		lengths[i] = list_length(places->lists[i]);
	}
	places->count = lengths[ADDRESS] ? lengths[ADDRESS] : lengths[HOST] ? lengths[HOST] : 1;
	if ((lengths[HOST] && lengths[HOST] != places->count) ||
	    (lengths[PORT] > 1 && lengths[PORT] != places->count))
		return error_set(err, ERROR_BAD_REQUEST,
				 "The database URL must name as many ports as hosts, or one port.");
	return true;
}

bool connect_url_valid(const char *url, struct error *err)
{
	CLEANUP(free_places) struct places places = {0};

	return read_places(url, &places, err);
}

/* Copies the element of that number; a list of one element has it for every host. NULL when there
 * is no list. */
static const char *list_element(const char *list, size_t number, char *element, size_t size)
{
	if (!list)
		return NULL;
	for (; number > 0 && strchr(list, ','); number--)
		list = strchr(list, ',') + 1;
	snprintf(element, size, "%.*s", (int)strcspn(list, ","), list);
	return element;
}

void connect_clear(PGresult **result)
{
	PQclear(*result);
}

void connect_failure(const PGconn *pg, char *text, size_t size)
{
	const char *from = PQerrorMessage(pg);
	size_t length = 0;

	while (*from && length < size - 1) {
		size_t line = strcspn(from, "\n");

		/* An indented line is a hint at the cause. */
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
		/* At the deadline, what has already arrived still counts. */
		int ready = poll(wait, 2, deadline_left(deadline));

		if (ready > 0)
			return wait[1].revents == 0;
		if (ready == 0 || errno != EINTR)
			return false;
	}
}

enum { PARAMETERS_MAXIMUM = 80, ELEMENT_BYTES = 512 };

/* What libpq gets; of a keyword that comes twice, the later counts. */
struct parameters {
	const char *keywords[PARAMETERS_MAXIMUM + 1], *values[PARAMETERS_MAXIMUM + 1];
	size_t count;
};

static void add_parameter(struct parameters *parameters, const char *keyword, const char *value)
{
	if (!value || parameters->count == PARAMETERS_MAXIMUM)
		return;
	parameters->keywords[parameters->count] = keyword;
	parameters->values[parameters->count++] = value;
}

static bool prefers_standby(const struct connect_options *options, const struct places *places)
{
	const char *wanted = option_value(places, "target_session_attrs");

	return wanted ? strcmp(wanted, "prefer-standby") == 0 : options->standby;
}

/* Starts to connect to one host. Settings that url may override stand before its options, the
 * others after them. */
static PGconn *start_connecting(const struct connect_options *options, const struct places *places,
				size_t host)
{
	char elements[LISTS][ELEMENT_BYTES];
	struct parameters parameters = {0};

	add_parameter(&parameters, "fallback_application_name", options->name);
	add_parameter(&parameters, "keepalives_idle", "10");
	add_parameter(&parameters, "keepalives_interval", "5");
	add_parameter(&parameters, "keepalives_count", "3");
	for (const PQconninfoOption *option = places->options; option->keyword; option++) {
		const char *value = option->val;

		for (size_t i = 0; i < LISTS; i++)
			if (strcmp(option->keyword, list_keywords[i]) == 0)
				value = list_element(value, host, elements[i], ELEMENT_BYTES);
		add_parameter(&parameters, option->keyword, value);
	}
	add_parameter(&parameters, "target_session_attrs",
		      prefers_standby(options, places) ? "any" : NULL);
	add_parameter(&parameters, "client_encoding", "UTF8");
	return PQconnectStartParams(parameters.keywords, parameters.values, 0);
}

/* Waits until the connection is ready; false with the reason in `failure`. */
static bool finish_connecting(PGconn *pg, const struct connect_options *options,
			      struct deadline deadline, char *failure, size_t size)
{
	PostgresPollingStatusType next =
		PQstatus(pg) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;

	PQsetNoticeReceiver(pg, options->receive, options->context);
	while (next == PGRES_POLLING_READING || next == PGRES_POLLING_WRITING) {
		if (!connect_wait(pg, next == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline,
				  options->interrupt)) {
			snprintf(failure, size, "no response in time");
			return false;
		}
		next = PQconnectPoll(pg);
	}
	if (next == PGRES_POLLING_FAILED)
		connect_failure(pg, failure, size);
	return next == PGRES_POLLING_OK;
}

static bool is_standby(const PGconn *pg)
{
	const char *standby = PQparameterStatus(pg, "in_hot_standby");

	return standby && strcmp(standby, "on") == 0;
}

/* Returns a connection to one host; NULL, with the reason added to `failures`, when it failed. */
static PGconn *try_host(const struct connect_options *options, const struct places *places,
			size_t host, struct deadline deadline, struct buffer *failures)
{
	char failure[512] = "out of memory";
	PGconn *pg = start_connecting(options, places, host);

	if (pg && finish_connecting(pg, options, deadline, failure, sizeof failure))
		return pg;
	PQfinish(pg);
	if (places->count > 1)
		buffer_format(failures, "%shost %zu: ", failures->length ? "; " : "", host + 1);
	buffer_text(failures, failure);
	return NULL;
}

bool connect_open(const struct connect_options *options, PGconn **pg, bool *second_best,
		  struct error *err)
{
	CLEANUP(free_places) struct places places = {0};
	CLEANUP(buffer_free) struct buffer failures = {0};
	PGconn *found = NULL;
	bool standby, fits = false;

	if (!read_places(options->url, &places, err))
		return false;
	standby = prefers_standby(options, &places);
	for (size_t i = 0; i < places.count && !fits; i++) {
		size_t host = ((standby ? options->turn : 0) + i) % places.count;
		/* One share is left over for the caller, who sets up the connection. */
		int parts = places.count > 1 ? (int)(places.count - i) + 1 : 1;
		struct deadline part = deadline_part(options->deadline, parts);
		PGconn *next = try_host(options, &places, host, part, &failures);

		fits = next && (!standby || is_standby(next));
		/* The first host that responded is the fallback when none fits. */
		if (next && (fits || !found)) {
			PQfinish(found);
			found = next;
		} else {
			PQfinish(next);
		}
	}
	if (!found)
		return error_set(err, ERROR_UNAVAILABLE, "No connection to the database: %s.",
				 failures.failed ? "out of memory" : failures.bytes);
	if (second_best)
		*second_best = !fits;
	*pg = found;
	return true;
}
