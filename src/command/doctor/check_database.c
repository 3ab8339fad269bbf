#include "command/doctor/check_database.h"

#include "base/cleanup.h"
#include "command/doctor/check_query.h"
#include "db/migration.h"
#include "doctor_statements.h"
#include "migrations.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

enum { OLDEST_VERSION = 15, NEWEST_VERSION = 17 };

static const char newer_fault[] = "newer";

static bool is_true(const struct rows *rows, size_t column)
{
	const char *text = rows_text(rows, 0, column);

	return text && *text == 't';
}

void check_database_version(struct check *check, long major, const char *version, const char *role)
{
	if (major < OLDEST_VERSION)
		report_result(check, OUTCOME_FAILED, "Upgrade the server.",
			      "PostgreSQL %s is older than %d.", version, OLDEST_VERSION);
	else if (major > NEWEST_VERSION)
		report_result(check, OUTCOME_WARNING, "Use a tested version, or watch for errors.",
			      "PostgreSQL %s is newer than %d, the newest tested version.", version,
			      NEWEST_VERSION);
	else
		report_result(check, OUTCOME_OK, NULL, "PostgreSQL %s responds; the role is %s.",
			      version, role);
}

static void add_rights(struct check *check, const struct rows *rights)
{
	for (size_t i = 0; i < rights->count; i++)
		report_item(check, rows_text(rights, i, 0), rows_text(rights, i, 1));
}

static void check_rights(struct report *report, struct session *session, const struct rows *server)
{
	CLEANUP(rows_free) struct rows missing = {0};
	CLEANUP(rows_free) struct rows excess = {0};
	struct check *check = report_begin(report, "rights");
	const char *role = rows_text(server, 0, 2);

	if (!check_query_rows(report, check, session, doctor_statements_missing_rights.text, NULL,
			      &missing) ||
	    !check_query_rows(report, check, session, doctor_statements_excess_rights.text, NULL,
			      &excess))
		return;
	if (missing.count) {
		add_rights(check, &missing);
		report_result(check, OUTCOME_FAILED,
			      "GRANT them as the owner of the tables, or connect as another role.",
			      "The role %s lacks rights that the service needs", role);
	} else if (is_true(server, 3)) {
		report_result(check, OUTCOME_WARNING,
			      "Create a role for the service that can only read.",
			      "The role %s is a superuser, but the service only reads.", role);
	} else if (excess.count) {
		add_rights(check, &excess);
		report_result(
			check, OUTCOME_WARNING,
			"Create a role for the service, and set CYBERTREATY_SERVICE_ROLE to it "
			"for `cybertreaty migrate`.",
			"The role %s has rights that the service never uses", role);
	} else {
		report_result(check, OUTCOME_OK, NULL,
			      "The role %s can read everything and cannot write.", role);
	}
}

/* One service needs its pool and the connection of the listener. Other services and programs need
 * connections too. */
static void check_connections(struct report *report, const struct config *config,
			      const struct rows *server)
{
	struct check *check = report_begin(report, "connections");
	const char *pool =
		*config->read_database_url ? "CYBERTREATY_PRIMARY_POOL" : "CYBERTREATY_POOL";
	long listening = *config->notify_database_url ? 0 : 1;
	long wanted =
		(*config->read_database_url ? config->primary_pool : config->pool) + listening;
	long room = strtol(rows_text(server, 0, 5), NULL, 10);

	if (room < wanted)
		report_result(
			check, OUTCOME_WARNING,
			"Lower that setting, or raise max_connections or the limit of the role or "
			"the "
			"database.",
			"The server allows this role %ld connections, but with %s a service uses "
			"%ld.",
			room, pool, wanted);
	else
		report_result(check, OUTCOME_OK, NULL,
			      "The server allows this role %ld; a service uses %ld.", room, wanted);
}

static bool is_recorded(const struct rows *recorded, const char *name)
{
	for (size_t row = 0; row < recorded->count; row++)
		if (strcmp(rows_text(recorded, row, 0), name) == 0)
			return true;
	return false;
}

/* Returns the fault of a recorded migration, or NULL. It is newer when only a later program can
 * know it. */
static const char *fault(const struct rows *recorded, size_t row, const char *last)
{
	const char *name = rows_text(recorded, row, 0);
	const struct embedded *step = migration_find(migrations, name);

	if (!step)
		return strcmp(name, last) > 0 ? newer_fault : "unknown";
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

static void compare(struct check *check, const struct rows *recorded)
{
	const char *last = "";
	size_t known = 0, faults = 0, newer = 0;

	for (; migrations[known]; known++) {
		last = migrations[known]->name;
		if (!is_recorded(recorded, last)) {
			add_fault(check, last, "missing");
			faults++;
		}
	}
	for (size_t row = 0; row < recorded->count; row++) {
		const char *what = fault(recorded, row, last);

		if (!what)
			continue;
		add_fault(check, rows_text(recorded, row, 0), what);
		newer += what == newer_fault;
		faults += what != newer_fault;
	}
	if (faults)
		report_result(check, OUTCOME_FAILED,
			      "`cybertreaty migrate` applies missing migrations. An edited or "
			      "unknown one "
			      "means that another program created this database.",
			      "The database does not have the migrations of this program");
	else if (newer)
		report_result(
			check, OUTCOME_WARNING, "Use the newer program.",
			"All %zu migrations are applied, and %zu that this program does not know",
			known, newer);
	else
		report_result(check, OUTCOME_OK, NULL,
			      "All %zu are applied, with the same checksums.", known);
}

static void check_migrations(struct report *report, struct session *session, bool migrated)
{
	CLEANUP(rows_free) struct rows recorded = {0};
	struct check *check = report_begin(report, "migrations");

	if (!migrated)
		report_result(check, OUTCOME_FAILED, "Run `cybertreaty migrate` as the owner.",
			      "None is applied to this database.");
	else if (check_query_rows(report, check, session, doctor_statements_applied.text, NULL,
				  &recorded))
		compare(check, &recorded);
}

void check_database_run(struct report *report, const struct config *config, struct session *session)
{
	CLEANUP(rows_free) struct rows server = {0};
	struct check *check = report_begin(report, "database");

	if (!check_query_rows(report, check, session, doctor_statements_server.text, NULL, &server))
		return;
	check_database_version(check, strtol(rows_text(&server, 0, 0), NULL, 10),
			       rows_text(&server, 0, 1), rows_text(&server, 0, 2));
	check_connections(report, config, &server);
	check_rights(report, session, &server);
	check_migrations(report, session, is_true(&server, 4));
}
