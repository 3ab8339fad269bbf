/*
 * moment: timestamps of RFC 3339.
 */
#pragma once
#include <stdbool.h>

enum { MOMENT_LENGTH = 27 };

/* Reads a day (its beginning in UTC) or a timestamp with Z or an offset and up to six decimals,
 * and writes it as 2026-11-23T10:00:00.000000Z; texts of that form sort as the moments do. A blank
 * where the offset's plus belongs is taken for one: in a query that is what '+' means.
 * False for anything else, leap seconds included. */
bool moment_read(const char *text, char utc[MOMENT_LENGTH + 1]);
