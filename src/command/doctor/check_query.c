#include "command/doctor/check_query.h"

#include "base/cleanup.h"

#include "base/banned.h"

static const char begin[] = "BEGIN READ ONLY; SET LOCAL lock_timeout = '5s';"
			    "SET LOCAL statement_timeout = '60s'";

static void record_failure(const struct report *report, struct check *check,
			   const struct error *err)
{
	if (report_failed(report, "rights") || report_failed(report, "migrations"))
		report_result(check, OUTCOME_SKIPPED, "Repair rights and migrations first.",
			      "The check could not run: %s", err->message);
	else
		report_result(check, OUTCOME_FAILED,
			      "Look at the log of the database server and at its load.",
			      "The check could not run: %s", err->message);
}

/* Ends the transaction. A failure shows in the next one. */
static void end_transaction(struct session *session)
{
	struct error ignored;

	(void)!session_run(session, "ROLLBACK", &ignored);
}

bool check_query_rows(const struct report *report, struct check *check, struct session *session,
		      const char *text, const char *value, struct rows *rows)
{
	struct error err;
	bool done = session_run(session, begin, &err) &&
		    session_query(session, text, &value, value ? 1 : 0, rows, &err);

	end_transaction(session);
	if (!done)
		record_failure(report, check, &err);
	return done;
}

bool check_query_each(const struct report *report, struct check *check, struct session *session,
		      const char *text, const char *value,
		      void (*each)(void *context, const struct rows *rows, size_t row),
		      void *context)
{
	CLEANUP(buffer_free) struct buffer declare = {0};
	CLEANUP(rows_free) struct rows none = {0};
	struct error err;
	bool done, more = true;

	buffer_format(&declare, "DECLARE part NO SCROLL CURSOR FOR %s", text);
	done = declare.failed ? error_out_of_memory(&err)
			      : session_run(session, begin, &err) &&
					session_query(session, declare.bytes, &value, value ? 1 : 0,
						      &none, &err);
	while (done && more) {
		CLEANUP(rows_free) struct rows part = {0};

		done = session_query(session, "FETCH 500 FROM part", NULL, 0, &part, &err);
		more = part.count > 0;
		for (size_t i = 0; i < part.count; i++)
			each(context, &part, i);
	}
	end_transaction(session);
	if (!done)
		record_failure(report, check, &err);
	return done;
}
