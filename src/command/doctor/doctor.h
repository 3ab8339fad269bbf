/*
 * doctor: the checks, by what they look at. Each adds what it found to the diagnosis; a check that
 * needs what an earlier one found missing is skipped.
 */
#pragma once
#include <jansson.h>

#include "base/config.h"
#include "command/doctor/report.h"
#include "db/session.h"

/* ---- doctor_database: version, room, rights, migrations ---- */

void doctor_database(struct report *diagnosis, const struct config *config,
		     struct session *session);

/* What a version of PostgreSQL means for us. */
void doctor_version(struct check *check, long major, const char *version, const char *role);

/* ---- doctor_facts: what stands in the tables ---- */

void doctor_facts(struct report *diagnosis, struct session *session, long stale_days);

/* ---- doctor_query: how they ask the database ---- */

/* Runs a statement that reads, with one value or none (NULL). When that fails, says so in the
 * check and gives false: as a failure, or as skipped when an earlier check explains it. */
bool doctor_query(const struct report *diagnosis, struct check *check, struct session *session,
		  const char *text, const char *value, struct rows *rows);

/* The same for more rows than memory should hold: hands each to `row`, which may not keep it. */
typedef void doctor_row(void *context, const struct rows *rows, size_t row);
bool doctor_walk(const struct report *diagnosis, struct check *check, struct session *session,
		 const char *text, const char *value, doctor_row *row, void *context);

/* ---- doctor_reading: the servers beside that of CYBERTREATY_DATABASE_URL ---- */

/* The dataset revision of a database, and whether it is a standby; fails as doctor_query does. */
bool doctor_revision(const struct report *diagnosis, struct check *check, struct session *session,
		     long *revision, bool *standby);

/* Those of CYBERTREATY_READ_DATABASE_URL. */
void doctor_reading(struct report *diagnosis, struct session *primary, struct session *reading);

/* The server of CYBERTREATY_NOTIFY_DATABASE_URL. */
void doctor_notifying(struct report *diagnosis, struct session *primary, struct session *notifying);

/* ---- doctor_service: the service that runs here, if one does ---- */

/* `newest` is the dataset revision of the database before; -1 when it is not known. */
void doctor_service(struct report *diagnosis, const struct config *config, long newest);

/* ---- doctor_answers: its answers, one an address, against the contract that it gives ---- */

void doctor_answers(struct report *diagnosis, const struct config *config, const json_t *contract);
