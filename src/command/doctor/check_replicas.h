/*
 * check_replicas: the servers other than that of CYBERTREATY_DATABASE_URL.
 */
#pragma once
#include "command/doctor/report.h"
#include "db/session.h"

/* Reads the dataset revision of a database, and whether it is a standby. Returns false after it
 * has recorded the failure in the check. */
bool check_replicas_revision(const struct report *report, struct check *check,
			     struct session *session, long *revision, bool *standby);

/* The servers of CYBERTREATY_READ_DATABASE_URL. */
void check_replicas_reading(struct report *report, struct session *primary,
			    struct session *reading);

/* The server of CYBERTREATY_NOTIFY_DATABASE_URL. */
void check_replicas_notifying(struct report *report, struct session *primary,
			      struct session *notifying);
