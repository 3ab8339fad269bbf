#include "command/doctor/report.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

/* So many items stand in a line for people, and so many in the JSON form. */
enum { EXAMPLES = 3, ITEMS = 1000, SENTENCE_BYTES = 1200 };

static const char *const outcomes[OUTCOMES] = {"ok", "skipped", "warning", "failed"};

void report_free(struct report *diagnosis)
{
	for (size_t i = 0; i < diagnosis->count; i++) {
		buffer_free(&diagnosis->checks[i].says);
		buffer_free(&diagnosis->checks[i].examples);
		buffer_free(&diagnosis->checks[i].items);
	}
	diagnosis->count = 0;
}

struct check *report_begin(struct report *diagnosis, const char *name)
{
	struct check *check = &diagnosis->checks[diagnosis->count];

	if (diagnosis->count < DIAGNOSIS_CHECKS - 1)
		diagnosis->count++;
	*check = (struct check){.name = name};
	return check;
}

void report_says(struct check *check, enum outcome_kind outcome, const char *mend,
		 const char *format, ...)
{
	char sentence[SENTENCE_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof sentence, format, args);
	va_end(args);
	utf8_trim(sentence);
	check->outcome = outcome;
	check->mend = mend;
	buffer_text(&check->says, sentence);
}

void report_item(struct check *check, const char *label, const char *json)
{
	if (check->count < EXAMPLES)
		buffer_format(&check->examples, "%s%s", check->count ? ", " : "", label);
	if (check->count < ITEMS)
		buffer_format(&check->items, "%s%s", check->count ? "," : "", json);
	check->count++;
}

bool report_failed(const struct report *diagnosis, const char *name)
{
	bool failed = false;

	for (size_t i = 0; i < diagnosis->count; i++)
		if (strcmp(diagnosis->checks[i].name, name) == 0)
			failed = diagnosis->checks[i].outcome == OUTCOME_FAILED;
	return failed;
}

static void count_outcomes(const struct report *diagnosis, size_t counts[OUTCOMES])
{
	memset(counts, 0, OUTCOMES * sizeof *counts);
	for (size_t i = 0; i < diagnosis->count; i++)
		counts[diagnosis->checks[i].outcome]++;
}

/* A line is a line, whatever a server or a file put into the text. */
static void add_line(struct buffer *out, const char *text)
{
	for (; text && *text; text++)
		buffer_add(out, (unsigned char)*text < ' ' ? " " : text, 1);
}

static void add_check(struct buffer *out, const struct check *check)
{
	buffer_format(out, "%-8s %-17s", outcomes[check->outcome], check->name);
	add_line(out, check->says.bytes);
	if (check->count) {
		buffer_text(out, ": ");
		add_line(out, check->examples.bytes);
	}
	if (check->count > EXAMPLES)
		buffer_format(out, " and %zu more", check->count - EXAMPLES);
	/* What a server or a library says has no full stop. */
	if (out->length && out->bytes[out->length - 1] != '.')
		buffer_text(out, ".");
	if (check->mend)
		buffer_format(out, " %s", check->mend);
	buffer_text(out, "\n");
	out->failed |= check->says.failed || check->examples.failed;
}

void report_text(const struct report *diagnosis, struct buffer *out)
{
	size_t counts[OUTCOMES];

	for (size_t i = 0; i < diagnosis->count; i++)
		add_check(out, &diagnosis->checks[i]);
	count_outcomes(diagnosis, counts);
	buffer_format(out, "%zu checks: %zu ok, %zu with warnings, %zu failed, %zu skipped.\n",
		      diagnosis->count, counts[OUTCOME_OK], counts[OUTCOME_WARNING],
		      counts[OUTCOME_FAILED], counts[OUTCOME_SKIPPED]);
}

void report_json(const struct report *diagnosis, struct buffer *out)
{
	size_t counts[OUTCOMES];
	enum outcome_kind worst = OUTCOME_OK;

	count_outcomes(diagnosis, counts);
	if (counts[OUTCOME_WARNING])
		worst = OUTCOME_WARNING;
	if (counts[OUTCOME_FAILED])
		worst = OUTCOME_FAILED;
	buffer_format(out, "{\"version\":\"%s\",\"outcome\":\"%s\",\"checks\":[",
		      CYBERTREATY_VERSION, outcomes[worst]);
	for (size_t i = 0; i < diagnosis->count; i++) {
		const struct check *check = &diagnosis->checks[i];

		buffer_format(out, "%s{\"name\":\"%s\",\"outcome\":\"%s\",\"says\":", i ? "," : "",
			      check->name, outcomes[check->outcome]);
		buffer_json(out, check->says.bytes);
		buffer_text(out, ",\"mend\":");
		buffer_json(out, check->mend);
		buffer_format(out, ",\"items\":[%s],\"more\":%zu}",
			      check->items.bytes ? check->items.bytes : "",
			      check->count > ITEMS ? check->count - ITEMS : 0);
		out->failed |= check->says.failed || check->items.failed;
	}
	buffer_text(out, "]}\n");
}

int report_status(const struct report *diagnosis, bool strict)
{
	size_t counts[OUTCOMES];

	count_outcomes(diagnosis, counts);
	if (counts[OUTCOME_FAILED])
		return 1;
	return strict && counts[OUTCOME_WARNING] ? 3 : 0;
}
