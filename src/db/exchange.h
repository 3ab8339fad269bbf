/*
 * exchange: results of queries that were sent, each awaited until a deadline. For the files of this
 * folder.
 */
#pragma once
#include "db/connection.h"

/* Waits until PQgetResult would not block; sends meanwhile what is still to be sent. Ends early
 * when `interrupt` (-1: nothing) becomes readable. */
enum outcome exchange_await(PGconn *pg, struct deadline deadline, int interrupt);

/* Waits for one result, which is the caller's (PQclear), and the end of its query. */
enum outcome exchange_result(PGconn *pg, struct deadline deadline, int interrupt,
			     PGresult **result);

bool exchange_succeeded(const PGresult *result);

/* What an error of the query means for the connection. */
enum outcome exchange_judge(const PGconn *pg, const PGresult *result);
