#include "db/rows.h"

#include <libpq-fe.h>

#include "base/banned.h"

void rows_free(struct rows *rows)
{
	PQclear(rows->result);
	*rows = (struct rows){0};
}

const char *rows_text(const struct rows *rows, size_t row, size_t column)
{
	if (PQgetisnull(rows->result, (int)row, (int)column))
		return NULL;
	return PQgetvalue(rows->result, (int)row, (int)column);
}

size_t rows_length(const struct rows *rows, size_t row, size_t column)
{
	return (size_t)PQgetlength(rows->result, (int)row, (int)column);
}

const char *rows_name(const struct rows *rows, size_t column)
{
	return PQfname(rows->result, (int)column);
}

enum rows_kind rows_kind(const struct rows *rows, size_t column)
{
	/* Fixed in PostgreSQL's pg_type.dat; its header is not part of libpq. */
	enum { OID_JSON = 114, OID_TEXT_ARRAY = 1009 };

	switch (PQftype(rows->result, (int)column)) {
	case OID_JSON:
		return ROWS_JSON;
	case OID_TEXT_ARRAY:
		return ROWS_LIST;
	default:
		return ROWS_SCALAR;
	}
}
