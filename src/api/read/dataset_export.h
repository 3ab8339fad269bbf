/*
 * export: the whole dataset in one answer, a JSON object a line (NDJSON).
 *
 * The first line is about the dataset, each other one is a record with its type. All lines are of
 * one moment, since one statement reads them. The body is finished before it is sent: at most
 * EXPORT_BYTES, of at most EXPORT_RECORDS records. A larger dataset is an error that the log tells.
 */
#pragma once
#include "api/read/representation.h"

enum { EXPORT_BYTES = 64 << 20, EXPORT_RECORDS = 100000 };

/* Builds the export of the route's document. Fails as representation_list does. */
MUST_CHECK bool dataset_export_build(const struct request *request, struct db *db,
				     struct representation *representation, struct error *err);
