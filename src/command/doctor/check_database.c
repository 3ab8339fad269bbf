#include "base/cleanup.h"
#include "command/doctor/doctor.h"
#include "command/migrate/embedded_migrations.h"
#include "doctor_statements.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { OLDEST_VERSION = 15, NEWEST_VERSION = 17 };

static bool is_true(const struct rows *rows, size_t column)
{
	const char *text = rows_text(rows, 0, column);

	return text && *text == 't';
}

void doctor_version(struct check *check, long major, const char *version, const char *role)
{
	if (major < OLDEST_VERSION)
		report_says(check, OUTCOME_FAILED, "Move the data to a newer one.",
			    "PostgreSQL %s is older than %d.", version, OLDEST_VERSION);
	else if (major > NEWEST_VERSION)
		report_says(check, OUTCOME_WARNING, "Watch what it does, or use a tested one.",
			    "PostgreSQL %s is newer than %d, the newest that was tested.", version,
			    NEWEST_VERSION);
	else
		report_says(check, OUTCOME_OK, NULL, "PostgreSQL %s answers; the role is %s.",
			    version, role);
}

static void add_rights(struct check *check, const struct rows *rights)
{
	for (size_t i = 0; i < rights->count; i++)
		report_item(check, rows_text(rights, i, 0), rows_text(rights, i, 1));
}

static void check_rights(struct report *diagnosis, struct session *session,
			 const struct rows *server)
{
	CLEANUP(rows_free) struct rows missing = {0};
	CLEANUP(rows_free) struct rows excess = {0};
	struct check *check = report_begin(diagnosis, "rights");
	const char *role = rows_text(server, 0, 2);

	if (!doctor_query(diagnosis, check, session, doctor_statements_missing_rights.text, NULL,
			  &missing) ||
	    !doctor_query(diagnosis, check, session, doctor_statements_excess_rights.text, NULL,
			  &excess))
		return;
	if (missing.count) {
		add_rights(check, &missing);
		report_says(check, OUTCOME_FAILED,
			    "Let the owner of the tables GRANT them, or connect as another role.",
			    "The role %s lacks rights that the service needs", role);
	} else if (is_true(server, 3)) {
		report_says(check, OUTCOME_WARNING,
			    "Give the service a role of its own that may only read.",
			    "The role %s is a superuser; the service needs to read and no more.",
			    role);
	} else if (excess.count) {
		add_rights(check, &excess);
		report_says(check, OUTCOME_WARNING,
			    "Give the service a role of its own, and name it to `cybertreaty "
			    "migrate` in CYBERTREATY_SERVICE_ROLE.",
			    "The role %s has rights that the service never uses", role);
	} else {
		report_says(check, OUTCOME_OK, NULL,
			    "The role %s may read everything and not write.", role);
	}
}

/* The pool of one service and the connection that listens; others, and other programs, need room
 * too. */
static void check_connections(struct report *diagnosis, const struct config *config,
			      const struct rows *server)
{
	struct check *check = report_begin(diagnosis, "connections");
	const char *pool =
		*config->read_database_url ? "CYBERTREATY_PRIMARY_POOL" : "CYBERTREATY_POOL";
	long listening = *config->notify_database_url ? 0 : 1;
	long wanted =
		(*config->read_database_url ? config->primary_pool : config->pool) + listening;
	long room = strtol(rows_text(server, 0, 5), NULL, 10);

	if (room < wanted)
		report_says(
			check, OUTCOME_WARNING,
			"Lower that, or raise max_connections or the limit of role or database.",
			"The server gives this role %ld connections, and with %s a service takes "
			"%ld.",
			room, pool, wanted);
	else
		report_says(check, OUTCOME_OK, NULL,
			    "The server gives this role up to %ld; a service takes %ld.", room,
			    wanted);
}

static const struct migration *find(const struct migration *list, const char *name)
{
	while (list->name && strcmp(list->name, name) != 0)
		list++;
	return list->name ? list : NULL;
}

static bool is_recorded(const struct rows *recorded, const char *name)
{
	for (size_t row = 0; row < recorded->count; row++)
		if (strcmp(rows_text(recorded, row, 0), name) == 0)
			return true;
	return false;
}

/* What is wrong with a recorded migration, NULL when nothing is; *newer when only a later program
 * knows it. */
static const char *fault(const struct rows *recorded, size_t row, const struct migration *list,
			 const char *last, bool *newer)
{
	const char *name = rows_text(recorded, row, 0);
	const struct migration *step = find(list, name);

	*newer = !step && strcmp(name, last) > 0;
	if (!step)
		return *newer ? "newer" : "unknown";
	return strcmp(rows_text(recorded, row, 1), step->checksum) == 0 ? NULL : "edited";
}

static void add_fault(struct check *check, const char *name, const char *what)
{
	CLEANUP(buffer_free) struct buffer label = {0};
	CLEANUP(buffer_free) struct buffer json = {0};

	buffer_format(&label, "%s (%s)", name, what);
	buffer_text(&json, "{\"migration\":");
	buffer_json(&json, name);
	buffer_format(&json, ",\"fault\":\"%s\"}", what);
	if (label.failed || json.failed)
		check->items.failed = true;
	else
		report_item(check, label.bytes, json.bytes);
}

static void compare(struct check *check, const struct rows *recorded, const struct migration *list)
{
	const char *last = "";
	size_t known = 0, faults = 0, newer = 0;

	for (; list[known].name; known++) {
		last = list[known].name;
		if (!is_recorded(recorded, last)) {
			add_fault(check, last, "missing");
			faults++;
		}
	}
	for (size_t row = 0; row < recorded->count; row++) {
		bool is_newer;
		const char *what = fault(recorded, row, list, last, &is_newer);

		if (!what)
			continue;
		add_fault(check, rows_text(recorded, row, 0), what);
		newer += is_newer;
		faults += !is_newer;
	}
	if (faults)
		report_says(
			check, OUTCOME_FAILED,
			"`cybertreaty migrate` applies what is missing; an edited or unknown one "
			"means that another program made this database.",
			"The database does not have the migrations of this program");
	else if (newer)
		report_says(check, OUTCOME_WARNING, "Use the program that was here last.",
			    "All %zu migrations are there, and %zu that this program does not know",
			    known, newer);
	else
		report_says(check, OUTCOME_OK, NULL, "All %zu are recorded, with their checksums.",
			    known);
}

static void free_list(struct migration **list)
{
	free(*list);
}

static void check_migrations(struct report *diagnosis, struct session *session, bool migrated)
{
	CLEANUP(rows_free) struct rows recorded = {0};
	CLEANUP(free_list) struct migration *list = embedded_migrations();
	struct check *check = report_begin(diagnosis, "migrations");

	if (!migrated)
		report_says(check, OUTCOME_FAILED, "Run `cybertreaty migrate` as the owner.",
			    "None was applied to this database.");
	else if (!list)
		report_says(check, OUTCOME_FAILED, NULL, "There is no memory to compare them.");
	else if (doctor_query(diagnosis, check, session, doctor_statements_applied.text, NULL,
			      &recorded))
		compare(check, &recorded, list);
}

void doctor_database(struct report *diagnosis, const struct config *config, struct session *session)
{
	CLEANUP(rows_free) struct rows server = {0};
	struct check *check = report_begin(diagnosis, "database");

	if (!doctor_query(diagnosis, check, session, doctor_statements_server.text, NULL, &server))
		return;
	doctor_version(check, strtol(rows_text(&server, 0, 0), NULL, 10), rows_text(&server, 0, 1),
		       rows_text(&server, 0, 2));
	check_connections(diagnosis, config, &server);
	check_rights(diagnosis, session, &server);
	check_migrations(diagnosis, session, is_true(&server, 4));
}
