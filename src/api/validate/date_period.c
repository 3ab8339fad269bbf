#include "api/validate/date_period.h"

#include "base/moment.h"
#include "http/message/request.h"

#include <string.h>

#include "base/banned.h"

static bool refuse_period(const struct value *value, struct error *err)
{
	return error_tell(err, ERROR_BAD_REQUEST,
			  "'%.60s' is not a period: a year, month or day (2024, 2024-05, "
			  "2024-05-03), or a range of these (2020.., ..2019-12-31, 2020..2023).",
			  "« %.60s » n’est pas une période : une année, un mois ou un jour (2024, "
			  "2024-05, 2024-05-03), ou un intervalle (2020.., ..2019-12-31, "
			  "2020..2023).",
			  value->text);
}

bool date_period_check(const struct request *request, struct value *value, struct error *err)
{
	const char *text = value->text, *dots = strstr(text, "..");
	const char *end = dots ? dots + strlen("..") : text;
	const size_t begin_length = dots ? (size_t)(dots - text) : strlen(text);
	char first[11] = "", last[11] = "", unused[11];

	if (begin_length > 0 && !moment_period(text, begin_length, first, dots ? unused : last))
		return refuse_period(value, err);
	if (dots && *end && !moment_period(end, strlen(end), unused, last))
		return refuse_period(value, err);
	if (!*first && !*last)
		return refuse_period(value, err);
	if (*first && *last && strcmp(first, last) > 0)
		return error_tell(err, ERROR_BAD_REQUEST, "'%.60s' ends before it begins.",
				  "« %.60s » finit avant de commencer.", text);
	value->canonical = arena_format(request->arena, "%s..%s", first, last);
	return value->canonical || error_out_of_memory(err);
}
