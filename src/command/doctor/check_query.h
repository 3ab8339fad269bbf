/*
 * check_query: how the checks query the database.
 *
 * Each query runs in its own transaction with timeouts. So a failed check does not affect the next
 * one, nothing stays on a connection of a pooler, and no lock or slow disk blocks the doctor.
 * When a query fails, the function records that in the check and returns false: as failed, or as
 * skipped when the failure of an earlier check explains it.
 */
#pragma once
#include "command/doctor/report.h"
#include "db/session.h"

/* Runs a query with one parameter or, if `value` is NULL, with none. */
bool check_query_rows(const struct report *report, struct check *check, struct session *session,
		      const char *text, const char *value, struct rows *rows);

/* The same for results of any size: calls `each` for every row, which lives only that long. */
bool check_query_each(const struct report *report, struct check *check, struct session *session,
		      const char *text, const char *value,
		      void (*each)(void *context, const struct rows *rows, size_t row),
		      void *context);
