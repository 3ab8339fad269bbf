/*
 * http_date: dates in header fields. (RFC 9110, section 5.6.7)
 */
#pragma once
#include <stdbool.h>
#include <time.h>

enum { DATE_SIZE = 30 };

/* Writes the preferred form, IMF-fixdate: "Mon, 23 Nov 2026 10:00:00 GMT". */
void http_date_write(time_t moment, char text[DATE_SIZE]);

/* Returns the value of Last-Modified for a change: never the current second, in which another
 * change may follow. (RFC 9110, section 8.8.2.1) */
time_t http_date_settled(time_t modified);

/* Reads any of the three forms that a recipient must accept; false for any other text. */
bool http_date_read(const char *text, time_t *moment);
