#include "http/message/http_date.h"

#include "base/banned.h"

/* The process never leaves the locale "C", which has the names of the standard. */
#define FIXED_DATE "%a, %d %b %Y %H:%M:%S GMT"

void http_date_write(time_t moment, char text[DATE_SIZE])
{
	struct tm utc;

	gmtime_r(&moment, &utc);
	strftime(text, DATE_SIZE, FIXED_DATE, &utc);
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
	/* IMF-fixdate; RFC 850; asctime. */
	static const char *const forms[] = {FIXED_DATE, "%A, %d-%b-%y %H:%M:%S GMT",
					    "%a %b %e %H:%M:%S %Y"};

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct tm utc = {0};
		const char *end = strptime(text, forms[i], &utc);

		/* A year has four digits. (RFC 9110, section 5.6.7) */
		if (!end || *end || utc.tm_year < 1000 - 1900)
			continue;
		if (i == 1)
			settle_century(&utc);
		*moment = timegm(&utc);
		return true;
	}
	return false;
}
