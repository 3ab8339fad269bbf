#include "db/query_result.h"

#include "base/cleanup.h"
#include "db/connect.h"

#include <poll.h>
#include <string.h>

#include "base/banned.h"

/* Waits until PQgetResult does not block, and sends what is still to be sent. Ends early when
 * `interrupt` (-1: nothing) becomes readable. */
static enum query_outcome await_result(PGconn *pg, struct deadline deadline, int interrupt)
{
	for (;;) {
		int unsent = PQflush(pg);

		if (unsent < 0)
			return QUERY_LOST;
		if (!PQisBusy(pg))
			return QUERY_COMPLETED;
		if (!connect_wait(pg, (short)(unsent ? POLLIN | POLLOUT : POLLIN), deadline,
				  interrupt))
			return QUERY_LATE;
		if (!PQconsumeInput(pg))
			return QUERY_LOST;
		/* The deadline also holds for a server that goes on sending. */
		if (PQisBusy(pg) && deadline_passed(deadline))
			return QUERY_LATE;
	}
}

enum query_outcome query_result_take(PGconn *pg, struct deadline deadline, int interrupt,
				     PGresult **result)
{
	enum query_outcome outcome = await_result(pg, deadline, interrupt);

	if (outcome != QUERY_COMPLETED)
		return outcome;
	*result = PQgetResult(pg);
	for (;;) {
		CLEANUP(connect_clear) PGresult *more = NULL;

		outcome = await_result(pg, deadline, interrupt);
		if (outcome != QUERY_COMPLETED)
			return outcome;
		more = PQgetResult(pg);
		if (!more)
			return *result ? QUERY_COMPLETED : QUERY_LOST;
	}
}

enum query_outcome query_result_synchronise(PGconn *pg, struct deadline deadline, int interrupt)
{
	CLEANUP(connect_clear) PGresult *end = NULL;
	enum query_outcome outcome = await_result(pg, deadline, interrupt);

	if (outcome != QUERY_COMPLETED)
		return outcome;
	end = PQgetResult(pg);
	return PQresultStatus(end) == PGRES_PIPELINE_SYNC ? QUERY_COMPLETED : QUERY_LOST;
}

bool query_result_succeeded(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

enum query_outcome query_result_judge(const PGconn *pg, const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	/* An error without a state is libpq's. 57P.. means that the server ends the connection: it
	 * shuts down, has crashed or the connection was idle for too long. */
	if (PQstatus(pg) == CONNECTION_BAD || !state || strncmp(state, "57P", 3) == 0)
		return QUERY_LOST;
	/* "cached plan must not change result type", "prepared statement does not exist" */
	if (strcmp(state, "0A000") == 0 || strcmp(state, "26000") == 0)
		return QUERY_STALE;
	return QUERY_COMPLETED;
}
