#include "command/doctor/check_replicas.h"

#include "base/cleanup.h"
#include "base/deadline.h"
#include "base/number.h"
#include "command/doctor/check_query.h"
#include "doctor_statements.h"

#include <limits.h>
#include <time.h>

#include "base/banned.h"

enum {
	PATIENCE_MILLISECONDS = 3000, /* that a standby may be behind */
	PAUSE_NANOSECONDS = 200000000
};

bool check_replicas_revision(const struct report *report, struct check *check,
			     struct session *session, long *revision, bool *standby)
{
	CLEANUP(rows_free) struct rows rows = {0};

	if (!check_query_rows(report, check, session, doctor_statements_revision.text, NULL, &rows))
		return false;
	if (rows.count != 1 || !number_read(rows_text(&rows, 0, 0), 0, LONG_MAX, revision)) {
		report_result(check, OUTCOME_FAILED, "Restore the database from a backup.",
			      "The table dataset_revision must have exactly one row.");
		return false;
	}
	*standby = *rows_text(&rows, 0, 1) == 't';
	return true;
}

static void compare(struct check *check, long own, long before, long after, bool standby)
{
	const char *what =
		standby ? "A standby responds" : "A server that is not a standby responds";

	if (own < before)
		report_result(check, OUTCOME_WARNING,
			      "Check the replication. Meanwhile the service reads new facts from "
			      "CYBERTREATY_DATABASE_URL.",
			      "%s, but at revision %ld; the newest is %ld.", what, own, before);
	else if (own > after)
		report_result(
			check, OUTCOME_FAILED,
			"Check CYBERTREATY_READ_DATABASE_URL: its servers must be copies of the "
			"other.",
			"%s, but at revision %ld, which CYBERTREATY_DATABASE_URL does not have: "
			"its newest is %ld.",
			what, own, after);
	else
		report_result(check, OUTCOME_OK, NULL, "%s, at revision %ld.", what, own);
}

void check_replicas_reading(struct report *report, struct session *primary, struct session *reading)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NANOSECONDS};
	struct deadline deadline = deadline_after(PATIENCE_MILLISECONDS);
	struct check *check = report_begin(report, "read_database");
	long before, own, after;
	bool standby, ignored;

	if (!check_replicas_revision(report, check, primary, &before, &ignored))
		return;
	for (;;) {
		if (!check_replicas_revision(report, check, reading, &own, &standby))
			return;
		if (own >= before || deadline_passed(deadline))
			break;
		nanosleep(&pause, NULL);
	}
	if (check_replicas_revision(report, check, primary, &after, &ignored))
		compare(check, own, before, after, standby);
}

void check_replicas_notifying(struct report *report, struct session *primary,
			      struct session *notifying)
{
	struct check *check = report_begin(report, "notify_database");
	long before, own, after;
	struct error err;
	bool ignored;

	if (!session_run(notifying, "LISTEN dataset; UNLISTEN dataset", &err)) {
		report_result(check, OUTCOME_FAILED,
			      "Use the primary: standbys and poolers send no notifications.",
			      "The server does not accept LISTEN: %s", err.message);
		return;
	}
	if (!check_replicas_revision(report, check, primary, &before, &ignored) ||
	    !check_replicas_revision(report, check, notifying, &own, &ignored) ||
	    !check_replicas_revision(report, check, primary, &after, &ignored))
		return;
	if (own < before || own > after)
		report_result(check, OUTCOME_FAILED,
			      "Check CYBERTREATY_NOTIFY_DATABASE_URL: it must name the database of "
			      "CYBERTREATY_DATABASE_URL.",
			      "It is another database: its revision is %ld, not %ld.", own, after);
	else
		report_result(check, OUTCOME_OK, NULL,
			      "The server accepts LISTEN, at revision %ld.", own);
}
