#include "base/moment.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/banned.h"

/* Two digits up to a maximum; -1 for anything else. */
static int pair(const char *text, int maximum)
{
	int number;

	if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
		return -1;
	number = (text[0] - '0') * 10 + (text[1] - '0');
	return number <= maximum ? number : -1;
}

bool moment_date_valid(const char *text)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year = 0, month = 0, day = 0;

	if (strlen(text) != 10)
		return false;
	for (int i = 0; i < 10; i++) {
		int digit = text[i] - '0';

		if (i == 4 || i == 7) {
			if (text[i] != '-')
				return false;
		} else if (digit < 0 || digit > 9) {
			return false;
		} else if (i < 4) {
			year = year * 10 + digit;
		} else if (i < 7) {
			month = month * 10 + digit;
		} else {
			day = day * 10 + digit;
		}
	}
	if (year < 1 || month < 1 || month > 12 || day < 1)
		return false;
	if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
		return day <= 29;
	return day <= lengths[month - 1];
}

time_t moment_today(char today[11])
{
	time_t now = time(NULL);
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(today, 11, "%Y-%m-%d", &utc);
	return now - now % 86400;
}

/* Seconds east of UTC. */
static bool read_offset(const char *text, long *seconds)
{
	int hours, minutes;

	*seconds = 0;
	if (strcmp(text, "Z") == 0)
		return true;
	if (!*text || !strchr("+- ", *text) || strlen(text) != 6 || text[3] != ':')
		return false;
	hours = pair(text + 1, 23);
	minutes = pair(text + 4, 59);
	if (hours < 0 || minutes < 0)
		return false;
	*seconds = (hours * 60L + minutes) * 60;
	if (*text == '-')
		*seconds = -*seconds;
	return true;
}

/* "10:00:00.5+02:00" */
static bool read_time(const char *text, struct tm *time, char micro[7], long *offset)
{
	size_t decimals = 0;

	memcpy(micro, "000000", 7);
	if (strlen(text) < 9 || text[2] != ':' || text[5] != ':')
		return false;
	time->tm_hour = pair(text, 23);
	time->tm_min = pair(text + 3, 59);
	time->tm_sec = pair(text + 6, 59);
	if (time->tm_hour < 0 || time->tm_min < 0 || time->tm_sec < 0)
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
	char day[11], micro[7] = "000000";
	struct tm time = {0};
	long offset = 0;
	time_t seconds;

	if (strlen(text) < 10)
		return false;
	memcpy(day, text, 10);
	day[10] = '\0';
	if (!moment_date_valid(day) || (text[10] && text[10] != 'T' && text[10] != 't'))
		return false;
	if (text[10] && !read_time(text + 11, &time, micro, &offset))
		return false;
	time.tm_year = pair(day, 99) * 100 + pair(day + 2, 99) - 1900;
	time.tm_mon = pair(day + 5, 12) - 1;
	time.tm_mday = pair(day + 8, 31);
	seconds = timegm(&time) - offset;
	gmtime_r(&seconds, &time);
	if (time.tm_year + 1900 < 1 || time.tm_year + 1900 > 9999)
		return false;
	snprintf(utc, MOMENT_LENGTH + 1, "%04u-%02u-%02uT%02u:%02u:%02u.%sZ",
		 (unsigned)(time.tm_year + 1900) % 10000, (unsigned)(time.tm_mon + 1) % 100,
		 (unsigned)time.tm_mday % 100, (unsigned)time.tm_hour % 100,
		 (unsigned)time.tm_min % 100, (unsigned)time.tm_sec % 100, micro);
	return true;
}
