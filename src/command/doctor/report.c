#include "command/doctor/report.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

enum {
	EXAMPLES = 3, /* items in a line of text */
	ITEMS = 1000, /* items in the JSON form */
	SENTENCE_BYTES = 1200
};

static const char *const outcomes[OUTCOMES] = {"ok", "skipped", "warning", "failed"};

void report_free(struct report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		buffer_free(&report->checks[i].message);
		buffer_free(&report->checks[i].examples);
		buffer_free(&report->checks[i].items);
	}
	report->count = 0;
}

struct check *report_begin(struct report *report, const char *name)
{
	struct check *check = &report->checks[report->count];

	if (report->count < REPORT_CHECKS - 1)
		report->count++;
	*check = (struct check){.name = name};
	return check;
}

void report_result(struct check *check, enum outcome_kind outcome, const char *advice,
		   const char *format, ...)
{
	char sentence[SENTENCE_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof sentence, format, args);
	va_end(args);
	utf8_trim(sentence);
	check->outcome = outcome;
	check->advice = advice;
	buffer_text(&check->message, sentence);
}

void report_item(struct check *check, const char *label, const char *json)
{
	if (check->count < EXAMPLES)
		buffer_format(&check->examples, "%s%s", check->count ? ", " : "", label);
	if (check->count < ITEMS)
		buffer_format(&check->items, "%s%s", check->count ? "," : "", json);
	check->count++;
}

bool report_failed(const struct report *report, const char *name)
{
	bool failed = false;

	for (size_t i = 0; i < report->count; i++)
		if (strcmp(report->checks[i].name, name) == 0)
			failed = report->checks[i].outcome == OUTCOME_FAILED;
	return failed;
}

static size_t count_outcomes(const struct report *report, enum outcome_kind outcome)
{
	size_t count = 0;

	for (size_t i = 0; i < report->count; i++)
		count += report->checks[i].outcome == outcome;
	return count;
}

/* Adds text without line ends, which messages of servers may contain. */
static void add_line(struct buffer *out, const char *text)
{
	for (; text && *text; text++)
		buffer_add(out, (unsigned char)*text < ' ' ? " " : text, 1);
}

static void add_check(struct buffer *out, const struct check *check)
{
	buffer_format(out, "%-8s %-17s", outcomes[check->outcome], check->name);
	add_line(out, check->message.bytes);
	if (check->count) {
		buffer_text(out, ": ");
		add_line(out, check->examples.bytes);
	}
	if (check->count > EXAMPLES)
		buffer_format(out, " and %zu more", check->count - EXAMPLES);
	/* Messages of servers and libraries have no full stop. */
	if (out->length && out->bytes[out->length - 1] != '.')
		buffer_text(out, ".");
	if (check->advice)
		buffer_format(out, " %s", check->advice);
	buffer_text(out, "\n");
	out->failed |= check->message.failed || check->examples.failed;
}

void report_text(const struct report *report, struct buffer *out)
{
	for (size_t i = 0; i < report->count; i++)
		add_check(out, &report->checks[i]);
	buffer_format(out, "%zu checks: %zu ok, %zu with warnings, %zu failed, %zu skipped.\n",
		      report->count, count_outcomes(report, OUTCOME_OK),
		      count_outcomes(report, OUTCOME_WARNING),
		      count_outcomes(report, OUTCOME_FAILED),
		      count_outcomes(report, OUTCOME_SKIPPED));
}

void report_json(const struct report *report, struct buffer *out)
{
	const int status = report_status(report, true);

	buffer_format(out, "{\"version\":\"%s\",\"outcome\":\"%s\",\"checks\":[",
		      CYBERTREATY_VERSION,
		      status == 1 ? "failed"
		      : status	  ? "warning"
				  : "ok");
	for (size_t i = 0; i < report->count; i++) {
		const struct check *check = &report->checks[i];

		buffer_format(out,
			      "%s{\"name\":\"%s\",\"outcome\":\"%s\",\"message\":", i ? "," : "",
			      check->name, outcomes[check->outcome]);
		buffer_json(out, check->message.bytes);
		buffer_text(out, ",\"advice\":");
		buffer_json(out, check->advice);
		buffer_format(out, ",\"items\":[%s],\"more\":%zu}",
			      check->items.bytes ? check->items.bytes : "",
			      check->count > ITEMS ? check->count - ITEMS : 0);
		out->failed |= check->message.failed || check->items.failed;
	}
	buffer_text(out, "]}\n");
}

int report_status(const struct report *report, bool strict)
{
	if (count_outcomes(report, OUTCOME_FAILED))
		return 1;
	return strict && count_outcomes(report, OUTCOME_WARNING) ? 3 : 0;
}
