#include "db/exchange.h"

#include "base/cleanup.h"
#include "db/connect.h"

#include <poll.h>
#include <string.h>

#include "base/banned.h"

enum outcome exchange_await(PGconn *pg, struct deadline deadline, int interrupt)
{
	for (;;) {
		int unsent = PQflush(pg);

		if (unsent < 0)
			return OUTCOME_LOST;
		if (!PQisBusy(pg))
			return OUTCOME_ANSWERED;
		if (!connect_wait(pg, (short)(unsent ? POLLIN | POLLOUT : POLLIN), deadline,
				  interrupt))
			return OUTCOME_LATE;
		if (!PQconsumeInput(pg))
			return OUTCOME_LOST;
		/* A server that goes on sending does not hold us longer than one that is silent. */
		if (PQisBusy(pg) && deadline_passed(deadline))
			return OUTCOME_LATE;
	}
}

enum outcome exchange_result(PGconn *pg, struct deadline deadline, int interrupt, PGresult **result)
{
	enum outcome outcome = exchange_await(pg, deadline, interrupt);

	if (outcome != OUTCOME_ANSWERED)
		return outcome;
	*result = PQgetResult(pg);
	for (;;) {
		CLEANUP(connect_clear) PGresult *more = NULL;

		outcome = exchange_await(pg, deadline, interrupt);
		if (outcome != OUTCOME_ANSWERED)
			return outcome;
		more = PQgetResult(pg);
		if (!more)
			return *result ? OUTCOME_ANSWERED : OUTCOME_LOST;
	}
}

bool exchange_succeeded(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

enum outcome exchange_judge(const PGconn *pg, const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	/* Without a state it is libpq that complains, not the server. With 57P.. the server takes
	 * its leave: it is shut down, has crashed or waited too long for us. */
	if (PQstatus(pg) == CONNECTION_BAD || !state || strncmp(state, "57P", 3) == 0)
		return OUTCOME_LOST;
	/* "cached plan must not change result type", "prepared statement does not exist" */
	if (strcmp(state, "0A000") == 0 || strcmp(state, "26000") == 0)
		return OUTCOME_STALE;
	return OUTCOME_ANSWERED;
}
