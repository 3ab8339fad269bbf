#include "base/cleanup.h"
#include "base/number.h"
#include "command/doctor/doctor.h"
#include "doctor_statements.h"

#include <limits.h>
#include <time.h>

#include "base/banned.h"

/* A standby may be behind for a moment, and that is fine. */
enum { PATIENCE_MILLISECONDS = 3000, LOOK_NANOSECONDS = 200000000 };

bool doctor_revision(const struct report *diagnosis, struct check *check, struct session *session,
		     long *revision, bool *standby)
{
	CLEANUP(rows_free) struct rows rows = {0};

	if (!doctor_query(diagnosis, check, session, doctor_statements_revision.text, NULL, &rows))
		return false;
	if (rows.count != 1 || !number_read(rows_text(&rows, 0, 0), 0, LONG_MAX, revision)) {
		report_says(check, OUTCOME_FAILED, "Restore the database from a backup.",
			    "The table dataset_revision does not have its one row.");
		return false;
	}
	*standby = *rows_text(&rows, 0, 1) == 't';
	return true;
}

static void compare(struct check *check, long own, long before, long after, bool standby)
{
	const char *what = standby ? "A standby answers" : "A server that is no standby answers";

	if (own < before)
		report_says(check, OUTCOME_WARNING,
			    "Look at the replication; until then, new facts are read from "
			    "CYBERTREATY_DATABASE_URL.",
			    "%s, but at revision %ld, while %ld is the newest.", what, own, before);
	else if (own > after)
		report_says(
			check, OUTCOME_FAILED,
			"Check CYBERTREATY_READ_DATABASE_URL: it must name copies of the other.",
			"%s, but at revision %ld, which CYBERTREATY_DATABASE_URL does not have: "
			"its newest is %ld.",
			what, own, after);
	else
		report_says(check, OUTCOME_OK, NULL, "%s, at revision %ld.", what, own);
}

void doctor_reading(struct report *diagnosis, struct session *primary, struct session *reading)
{
	const struct timespec pause = {.tv_nsec = LOOK_NANOSECONDS};
	struct deadline deadline = deadline_after(PATIENCE_MILLISECONDS);
	struct check *check = report_begin(diagnosis, "read_database");
	long before, own, after;
	bool standby, ignored;

	if (!doctor_revision(diagnosis, check, primary, &before, &ignored))
		return;
	for (;;) {
		if (!doctor_revision(diagnosis, check, reading, &own, &standby))
			return;
		if (own >= before || deadline_passed(deadline))
			break;
		nanosleep(&pause, NULL);
	}
	if (doctor_revision(diagnosis, check, primary, &after, &ignored))
		compare(check, own, before, after, standby);
}

void doctor_notifying(struct report *diagnosis, struct session *primary, struct session *notifying)
{
	struct check *check = report_begin(diagnosis, "notify_database");
	long before, own, after;
	struct error err;
	bool ignored;

	if (!session_run(notifying, "LISTEN dataset; UNLISTEN dataset", &err)) {
		report_says(check, OUTCOME_FAILED,
			    "It must be the primary itself, which alone tells of changes.",
			    "No changes can be heard there: %s", err.message);
		return;
	}
	if (!doctor_revision(diagnosis, check, primary, &before, &ignored) ||
	    !doctor_revision(diagnosis, check, notifying, &own, &ignored) ||
	    !doctor_revision(diagnosis, check, primary, &after, &ignored))
		return;
	if (own < before || own > after)
		report_says(check, OUTCOME_FAILED,
			    "Check CYBERTREATY_NOTIFY_DATABASE_URL: it must name the database of "
			    "CYBERTREATY_DATABASE_URL.",
			    "Another database answers: it is at revision %ld, not %ld.", own,
			    after);
	else
		report_says(check, OUTCOME_OK, NULL, "It can be listened to, at revision %ld.",
			    own);
}
