/*
 * query_rows: the outcome of a query as rows or an error. For db.c and transaction.c.
 */
#pragma once
#include "db/pool.h"
#include "db/rows.h"

/* Turns the result of a query into *rows, which belong to the caller; takes ownership of the result
 * on success. Fails as db_rows. */
MUST_CHECK bool query_rows_take(struct db *db, const struct query *query,
				enum query_outcome outcome, PGresult **result, struct rows *rows,
				struct error *err);
