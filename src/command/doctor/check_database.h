/*
 * check_database: version, free connections, privileges and migrations of the database.
 */
#pragma once
#include "base/config.h"
#include "command/doctor/report.h"
#include "db/session.h"

void check_database_run(struct report *report, const struct config *config,
			struct session *session);

/* Judges a version of PostgreSQL. */
void check_database_version(struct check *check, long major, const char *version, const char *role);
