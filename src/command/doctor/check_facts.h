/*
 * check_facts: the contents of the tables.
 */
#pragma once
#include "command/doctor/report.h"
#include "db/session.h"

/* A source is stale `stale_days` days after it was read. */
void check_facts_run(struct report *report, struct session *session, long stale_days);
