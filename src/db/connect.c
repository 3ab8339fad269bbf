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

/* Starts to connect to one host. Settings that url may override precede its options, the others
 * follow them. */
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
		struct deadline part = deadline_after(deadline_left(options->deadline) / parts);
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

/* Waits until PQgetResult does not block, and sends what is still to be sent. Ends early when
 * `interrupt` (-1: nothing) becomes readable. */
static enum query_outcome await_result(PGconn *pg, struct deadline deadline, int interrupt)
{
	for (;;) {
		int unsent = PQflush(pg);

		if (unsent < 0)
			return QUERY_LOST;
		if (!PQisBusy(pg))
			return QUERY_COMPLETED;
		if (!connect_wait(pg, (short)(unsent ? POLLIN | POLLOUT : POLLIN), deadline,
				  interrupt))
			return QUERY_LATE;
		if (!PQconsumeInput(pg))
			return QUERY_LOST;
		/* The deadline also holds for a server that goes on sending. */
		if (PQisBusy(pg) && deadline_passed(deadline))
			return QUERY_LATE;
	}
}

enum query_outcome connect_result(PGconn *pg, struct deadline deadline, int interrupt,
				  PGresult **result)
{
	enum query_outcome outcome = await_result(pg, deadline, interrupt);

	if (outcome != QUERY_COMPLETED)
		return outcome;
	*result = PQgetResult(pg);
	for (;;) {
		CLEANUP(connect_clear) PGresult *more = NULL;

		outcome = await_result(pg, deadline, interrupt);
		if (outcome != QUERY_COMPLETED)
			return outcome;
		more = PQgetResult(pg);
		if (!more)
			return *result ? QUERY_COMPLETED : QUERY_LOST;
	}
}

enum query_outcome connect_synchronise(PGconn *pg, struct deadline deadline, int interrupt)
{
	CLEANUP(connect_clear) PGresult *end = NULL;
	enum query_outcome outcome = await_result(pg, deadline, interrupt);

	if (outcome != QUERY_COMPLETED)
		return outcome;
	end = PQgetResult(pg);
	return PQresultStatus(end) == PGRES_PIPELINE_SYNC ? QUERY_COMPLETED : QUERY_LOST;
}

bool connect_succeeded(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

enum query_outcome connect_judge(const PGconn *pg, const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	/* An error without a state is libpq's. 57P.. means that the server ends the connection: it
	 * shuts down, has crashed or the connection was idle for too long. */
	if (PQstatus(pg) == CONNECTION_BAD || !state || strncmp(state, "57P", 3) == 0)
		return QUERY_LOST;
	/* "cached plan must not change result type", "prepared statement does not exist" */
	if (strcmp(state, "0A000") == 0 || strcmp(state, "26000") == 0)
		return QUERY_STALE;
	return QUERY_COMPLETED;
}
