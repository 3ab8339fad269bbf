/*
 * numbering: from the named parameters of a .sql file to the numbered ones of PostgreSQL.
 */
#pragma once
#include "api/query/query_builder.h"
#include "base/buffer.h"

/* Comments between which a file stands that is embedded in another one's record. */
#define NUMBERING_EMBEDDED "-- embedded\n"
#define NUMBERING_AROUND "-- around\n"

/* Copies SQL without its comments and with $name as $1, $2 ... Literals stay as they are. Fills the
 * parameters of *derived; false when there are too many or memory is out. */
MUST_CHECK bool named_parameters_number(const char *sql, struct derived_query *derived,
					struct buffer *numbered);
