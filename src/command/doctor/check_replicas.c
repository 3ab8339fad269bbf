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

/* Revisions of the primary and, between them, of another server. */
struct comparison {
	long before, own, after;
	bool standby; /* the other one is */
};

/* Waits until the other server has the revision of the primary, but no longer than `patience`
 * milliseconds. Returns false after it has recorded a failure. */
static bool compare_revisions(const struct report *report, struct check *check,
			      struct session *primary, struct session *other, long patience,
			      struct comparison *found)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NANOSECONDS};
	struct deadline deadline = deadline_after(patience);
	bool ignored;

	if (!check_replicas_revision(report, check, primary, &found->before, &ignored))
		return false;
	while (check_replicas_revision(report, check, other, &found->own, &found->standby)) {
		if (found->own >= found->before || deadline_passed(deadline))
			return check_replicas_revision(report, check, primary, &found->after,
						       &ignored);
		nanosleep(&pause, NULL);
	}
	return false;
}

void check_replicas_reading(struct report *report, struct session *primary, struct session *reading)
{
	struct check *check = report_begin(report, "read_database");
	struct comparison found;
	const char *what;

	if (!compare_revisions(report, check, primary, reading, PATIENCE_MILLISECONDS, &found))
		return;
	what = found.standby ? "A standby responds" : "A server that is not a standby responds";
	if (found.own < found.before)
		report_result(check, OUTCOME_WARNING,
			      "Check the replication. Meanwhile the service reads new facts from "
			      "CYBERTREATY_DATABASE_URL.",
			      "%s, but at revision %ld; the newest is %ld.", what, found.own,
			      found.before);
	else if (found.own > found.after)
		report_result(
			check, OUTCOME_FAILED,
			"Check CYBERTREATY_READ_DATABASE_URL: its servers must be copies of the "
			"other.",
			"%s, but at revision %ld, which CYBERTREATY_DATABASE_URL does not have: "
			"its newest is %ld.",
			what, found.own, found.after);
	else
		report_result(check, OUTCOME_OK, NULL, "%s, at revision %ld.", what, found.own);
}

void check_replicas_notifying(struct report *report, struct session *primary,
			      struct session *notifying)
{
	struct check *check = report_begin(report, "notify_database");
	struct comparison found;
	struct error err;

	if (!session_run(notifying, "LISTEN dataset; UNLISTEN dataset", &err))
		report_result(check, OUTCOME_FAILED,
			      "Use the primary: standbys and poolers send no notifications.",
			      "The server does not accept LISTEN: %s", err.message);
	else if (!compare_revisions(report, check, primary, notifying, 0, &found))
		return;
	else if (found.own < found.before || found.own > found.after)
		report_result(check, OUTCOME_FAILED,
			      "Check CYBERTREATY_NOTIFY_DATABASE_URL: it must name the database of "
			      "CYBERTREATY_DATABASE_URL.",
			      "It is another database: its revision is %ld, not %ld.", found.own,
			      found.after);
	else
		report_result(check, OUTCOME_OK, NULL,
			      "The server accepts LISTEN, at revision %ld.", found.own);
}
