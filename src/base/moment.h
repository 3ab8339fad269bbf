/*
 * moment: days of the calendar and timestamps of RFC 3339.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

enum { MOMENT_LENGTH = 27 };

/* Reads a day (its beginning in UTC) or a timestamp with Z or an offset and up to six decimals,
 * and writes it as 2026-11-23T10:00:00.000000Z; texts of that form sort as the moments do. A blank
 * in the place of the offset's plus is read as one, since '+' in a query string decodes to a blank.
 * Returns false for anything else, leap seconds included. */
bool moment_read(const char *text, char utc[MOMENT_LENGTH + 1]);

/* True for a real day of the Gregorian calendar: YYYY-MM-DD, years 0001 to 9999. */
bool moment_date_valid(const char *text);

/* Reads the first `length` bytes as a year, month or day (YYYY, YYYY-MM, YYYY-MM-DD) and writes its
 * first and last day. Returns false for anything else. */
bool moment_period(const char *text, size_t length, char first[11], char last[11]);

/* Writes today in UTC as YYYY-MM-DD and returns its first second. */
time_t moment_today(char today[11]);

/* Writes the latest day that has begun anywhere at this time: the day in UTC+14, the easternmost
 * time zone. */
void moment_latest(time_t now, char day[11]);
