/*
 * doctor: the checks, by what they look at. Each adds what it found to the diagnosis; a check that
 * needs what an earlier one found missing is skipped.
 */
#pragma once
#include "base/config.h"
#include "command/diagnosis.h"
#include "db/session.h"

/* ---- doctor_database: version, rights, migrations ---- */

void doctor_database(struct diagnosis *diagnosis, struct session *session);

/* What a version of PostgreSQL means for us. */
void doctor_version(struct check *check, long major, const char *version, const char *role);

/* ---- doctor_facts: what stands in the tables ---- */

void doctor_facts(struct diagnosis *diagnosis, struct session *session, long stale_days);

/* Runs a statement. When that fails, says so in the check and gives false: as a failure, or as
 * skipped when an earlier check explains it. */
bool doctor_query(const struct diagnosis *diagnosis, struct check *check, struct session *session,
		  const char *text, const char *value, struct rows *rows);

/* ---- doctor_service: the service that runs here, if one does ---- */

void doctor_service(struct diagnosis *diagnosis, const struct config *config);
