/*
 * dataset_export: the whole dataset in one response, a JSON object a line (NDJSON).
 *
 * The first line describes the dataset. Each other line is a record with its type. All lines are
 * of one moment, since one query reads them. The body is complete before it is sent: at most
 * EXPORT_BYTES with EXPORT_RECORDS records. A larger dataset is an internal error, which is logged.
 */
#pragma once
#include "api/read/representation.h"

enum { EXPORT_BYTES = 64 << 20, EXPORT_RECORDS = 100000 };

representation_build dataset_export_build;
