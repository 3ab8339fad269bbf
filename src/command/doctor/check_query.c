/*
 * Each check reads in a transaction of its own: what one of them could not do does not spoil the
 * next, nothing is left behind on a connection that a pooler gives to others, and neither a lock
 * nor a slow disk makes the doctor wait for ever.
 */
#include "base/cleanup.h"
#include "command/doctor/doctor.h"

#include "base/banned.h"

static const char begin[] = "BEGIN READ ONLY; SET LOCAL lock_timeout = '5s';"
			    "SET LOCAL statement_timeout = '60s'";

static bool explained(const struct report *diagnosis)
{
	return report_failed(diagnosis, "rights") || report_failed(diagnosis, "migrations");
}

/* Says why the check could not be made; an earlier one may explain it. */
static void complain(const struct report *diagnosis, struct check *check, const struct error *err)
{
	if (explained(diagnosis))
		report_says(check, OUTCOME_SKIPPED, "Mend rights and migrations first.",
			    "It could not be made: %s", err->message);
	else
		report_says(check, OUTCOME_FAILED,
			    "Look at the log of the server, and what else runs there.",
			    "It could not be made: %s", err->message);
}

/* Whether the transaction could be ended does not matter: if not, the next one says why. */
static void end(struct session *session)
{
	struct error ignored;

	(void)!session_run(session, "ROLLBACK", &ignored);
}

bool doctor_query(const struct report *diagnosis, struct check *check, struct session *session,
		  const char *text, const char *value, struct rows *rows)
{
	struct error err;
	bool good = session_run(session, begin, &err) &&
		    session_query(session, text, &value, value ? 1 : 0, rows, &err);

	end(session);
	if (!good)
		complain(diagnosis, check, &err);
	return good;
}

/* Hands on what is left, a part at a time. */
static bool walk(struct session *session, doctor_row *row, void *context, struct error *err)
{
	for (;;) {
		CLEANUP(rows_free) struct rows part = {0};

		if (!session_query(session, "FETCH 500 FROM part", NULL, 0, &part, err))
			return false;
		if (part.count == 0)
			return true;
		for (size_t i = 0; i < part.count; i++)
			row(context, &part, i);
	}
}

bool doctor_walk(const struct report *diagnosis, struct check *check, struct session *session,
		 const char *text, const char *value, doctor_row *row, void *context)
{
	CLEANUP(buffer_free) struct buffer declare = {0};
	CLEANUP(rows_free) struct rows none = {0};
	struct error err;
	bool good;

	buffer_format(&declare, "DECLARE part NO SCROLL CURSOR FOR %s", text);
	good = declare.failed ? error_out_of_memory(&err)
			      : session_run(session, begin, &err) &&
					session_query(session, declare.bytes, &value, value ? 1 : 0,
						      &none, &err) &&
					walk(session, row, context, &err);
	end(session);
	if (!good)
		complain(diagnosis, check, &err);
	return good;
}
