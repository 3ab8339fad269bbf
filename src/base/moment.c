#include "base/moment.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/banned.h"

/* True when the text begins with the form, in which 'd' is any digit. */
static bool has_form(const char *text, const char *form)
{
	for (; *form; text++, form++)
		if (*form == 'd' ? *text < '0' || *text > '9' : *text != *form)
			return false;
	return true;
}

static int number(const char *digits, size_t count)
{
	int read = 0;

	while (count-- > 0)
		read = read * 10 + (*digits++ - '0');
	return read;
}

/* Reads "2026-11-23" at the beginning of the text. timegm changes a day that does not exist. */
static bool read_day(const char *text, struct tm *day)
{
	struct tm real;

	if (!has_form(text, "dddd-dd-dd") || has_form(text, "0000"))
		return false;
	*day = (struct tm){.tm_year = number(text, 4) - 1900,
			   .tm_mon = number(text + 5, 2) - 1,
			   .tm_mday = number(text + 8, 2)};
	real = *day;
	timegm(&real);
	return real.tm_mon == day->tm_mon && real.tm_mday == day->tm_mday;
}

bool moment_date_valid(const char *text)
{
	struct tm day;

	return strlen(text) == 10 && read_day(text, &day);
}

static int last_day_of_month(int year, int month)
{
	/* Day 0 of the next month. */
	struct tm day = {.tm_year = year - 1900, .tm_mon = month, .tm_mday = 0};

	timegm(&day);
	return day.tm_mday;
}

bool moment_period(const char *text, size_t length, char first[11], char last[11])
{
	enum { YEAR = 4, MONTH = 7, DAY = 10 };
	char given[11] = "0000-01-01";
	int year, month;

	if (length != YEAR && length != MONTH && length != DAY)
		return false;
	memcpy(given, text, length);
	if (!moment_date_valid(given))
		return false;
	memcpy(first, given, sizeof given);
	memcpy(last, given, sizeof given);
	year = number(given, 4);
	month = length == YEAR ? 12 : number(given + 5, 2);
	if (length != DAY)
		snprintf(last + 4, 7, "-%02u-%02u", (unsigned)month % 100,
			 (unsigned)last_day_of_month(year, month) % 100);
	return true;
}

time_t moment_today(char today[11])
{
	time_t now = time(NULL);
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(today, 11, "%Y-%m-%d", &utc);
	return now - now % 86400;
}

void moment_latest(time_t now, char day[11])
{
	const time_t there = now + 14 * 3600L;
	struct tm local;

	gmtime_r(&there, &local);
	strftime(day, 11, "%Y-%m-%d", &local);
}

/* Reads "Z" or "+02:00" as seconds east of UTC. */
static bool read_offset(const char *text, long *seconds)
{
	*seconds = 0;
	if (strcmp(text, "Z") == 0)
		return true;
	if (!*text || !strchr("+- ", *text) || !has_form(text + 1, "dd:dd") || text[6] ||
	    number(text + 1, 2) > 23 || number(text + 4, 2) > 59)
		return false;
	*seconds = (number(text + 1, 2) * 60L + number(text + 4, 2)) * 60;
	if (*text == '-')
		*seconds = -*seconds;
	return true;
}

/* Reads "10:00:00.5+02:00". */
static bool read_time(const char *text, struct tm *time, char micro[7], long *offset)
{
	size_t decimals = 0;

	if (!has_form(text, "dd:dd:dd"))
		return false;
	time->tm_hour = number(text, 2);
	time->tm_min = number(text + 3, 2);
	time->tm_sec = number(text + 6, 2);
	if (time->tm_hour > 23 || time->tm_min > 59 || time->tm_sec > 59)
		return false;
	text += 8;
	if (*text == '.') {
		decimals = strspn(++text, "0123456789");
		if (decimals < 1 || decimals > 6)
			return false;
		memcpy(micro, text, decimals);
	}
	return read_offset(text + decimals, offset);
}

bool moment_read(const char *text, char utc[MOMENT_LENGTH + 1])
{
	char micro[7] = "000000", second[sizeof "-mm-ddThh:mm:ss"];
	struct tm time;
	long offset = 0;
	time_t seconds;

	if (!read_day(text, &time))
		return false;
	text += 10;
	if (*text &&
	    ((*text != 'T' && *text != 't') || !read_time(text + 1, &time, micro, &offset)))
		return false;
	seconds = timegm(&time) - offset;
	gmtime_r(&seconds, &time);
	if (time.tm_year + 1900 < 1 || time.tm_year + 1900 > 9999)
		return false;
	/* %Y of glibc has no leading zeros. */
	strftime(second, sizeof second, "-%m-%dT%H:%M:%S", &time);
	snprintf(utc, MOMENT_LENGTH + 1, "%04u%s.%sZ", (unsigned)(time.tm_year + 1900) % 10000,
		 second, micro);
	return true;
}
