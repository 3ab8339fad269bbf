#include "http/message/http_date.h"

#include <stdio.h>

#include "base/banned.h"

/* The names are fixed by the standard: strftime would follow a locale. */
static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
				 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

void http_date_write(time_t moment, char text[DATE_SIZE])
{
	struct tm utc;

	gmtime_r(&moment, &utc);
	/* Unsigned, so that the compiler sees how many digits there can be. */
	snprintf(text, DATE_SIZE, "%s, %02u %s %04u %02u:%02u:%02u GMT", days[utc.tm_wday % 7],
		 (unsigned)utc.tm_mday % 100, months[utc.tm_mon % 12],
		 (unsigned)(utc.tm_year + 1900) % 10000, (unsigned)utc.tm_hour % 100,
		 (unsigned)utc.tm_min % 100, (unsigned)utc.tm_sec % 100);
}

time_t http_date_settled(time_t modified)
{
	time_t past = time(NULL) - 1;

	return modified < past ? modified : past;
}

/* A two-digit year that would be more than 50 years in the future is in the past. (RFC 9110,
 * section 5.6.7) */
static void settle_century(struct tm *utc)
{
	time_t now = time(NULL);
	struct tm today;

	gmtime_r(&now, &today);
	if (utc->tm_year > today.tm_year + 50)
		utc->tm_year -= 100;
}

bool http_date_read(const char *text, time_t *moment)
{
	/* IMF-fixdate; RFC 850; asctime. The process never leaves the locale "C". */
	static const char *const forms[] = {"%a, %d %b %Y %H:%M:%S GMT",
					    "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"};

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct tm utc = {0};
		const char *end = strptime(text, forms[i], &utc);

		if (!end || *end)
			continue;
		if (i == 1)
			settle_century(&utc);
		*moment = timegm(&utc);
		return true;
	}
	return false;
}
