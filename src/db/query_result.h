/*
 * query_result: results of queries that were sent, each awaited until a deadline. For the files of
 * this folder.
 */
#pragma once
#include <libpq-fe.h>

#include "base/deadline.h"

enum query_outcome {
	QUERY_COMPLETED, /* there is a result, maybe an error of the query */
	QUERY_STALE,	 /* there is an error, since the prepared query no longer fits */
	QUERY_LOST,	 /* the connection ended */
	QUERY_LATE,	 /* no result by a deadline shorter than the server's own limit */
	QUERY_HUNG	 /* no result, although the server's own limit has passed */
};

/* Waits for one result, which the caller clears, and the end of its query. Ends early when
 * `interrupt` (-1: nothing) becomes readable. */
enum query_outcome query_result_take(PGconn *pg, struct deadline deadline, int interrupt,
				     PGresult **result);

/* Waits for the end of a pipeline, after the results of all its queries. */
enum query_outcome query_result_synchronise(PGconn *pg, struct deadline deadline, int interrupt);

bool query_result_succeeded(const PGresult *result);

/* What the error in a result means for the connection. */
enum query_outcome query_result_judge(const PGconn *pg, const PGresult *result);
