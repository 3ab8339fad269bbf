#include "command/import/dataset_state.h"

#include "base/cleanup.h"

#include <stdlib.h>

#include "base/banned.h"

/* Runs a query for one number. */
static bool query_number(struct session *session, const char *sql, long *number, struct error *err)
{
	CLEANUP(rows_free) struct rows rows = {0};
	const char *text;

	if (!session_query(session, sql, NULL, 0, &rows, err))
		return false;
	text = rows.count ? rows_text(&rows, 0, 0) : NULL;
	if (!text)
		return error_set(err, ERROR_INTERNAL, "The database returned no number for: %s",
				 sql);
	*number = strtol(text, NULL, 10);
	return true;
}

bool dataset_state_check(struct session *session, struct error *err)
{
	long tables = 0;

	if (!query_number(session, "SELECT count(to_regclass('public.dataset_revision'))", &tables,
			  err))
		return false;
	if (tables == 0)
		return error_set(
			err, ERROR_BAD_REQUEST,
			"The database has no tables yet: run `cybertreaty migrate` first.");
	return true;
}

bool dataset_state_revision(struct session *session, long *revision, struct error *err)
{
	return query_number(session, "SELECT revision FROM dataset_revision", revision, err);
}
