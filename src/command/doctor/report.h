/*
 * report: the results of the checks of the doctor, as text and as JSON.
 */
#pragma once
#include "base/buffer.h"

enum outcome_kind {
	OUTCOME_OK,
	OUTCOME_SKIPPED, /* could not run, for a reason that is not a failure */
	OUTCOME_WARNING,
	OUTCOME_FAILED,
	OUTCOMES /* their number */
};

struct check {
	const char *name; /* for scripts: lower case, underscores */
	enum outcome_kind outcome;
	struct buffer message;	/* a sentence, without its full stop when items follow */
	const char *advice;	/* a sentence; NULL when nothing is to be done */
	struct buffer examples; /* labels of the first items */
	struct buffer items;	/* members of a JSON array, the first 1000 */
	size_t count;		/* of the items that report_item added */
};

enum { REPORT_CHECKS = 16 };

/* All-zero is empty; report_free releases it. */
struct report {
	struct check checks[REPORT_CHECKS];
	size_t count;
};

void report_free(struct report *report);

/* Begins the next check, whose outcome is OK until report_result. `name` lives as long as the
 * process. */
struct check *report_begin(struct report *report, const char *name);

/* Sets the result of the check, once. `advice` lives as long as the process. */
void report_result(struct check *check, enum outcome_kind outcome, const char *advice,
		   const char *format, ...) PRINTF_LIKE(4, 5);

/* Adds a finding: a short text for the text form, and a JSON value. */
void report_item(struct check *check, const char *label, const char *json);

/* True when the last check of that name has failed; false when there is none. */
bool report_failed(const struct report *report, const char *name);

/* Writes one line for each check, then a summary. */
void report_text(const struct report *report, struct buffer *out);

/* Writes one object: version, outcome (the worst of all), and the checks with their items and the
 * number of items left out. */
void report_json(const struct report *report, struct buffer *out);

/* Exit status: 1 when a check failed, 3 when strict and a check warns, else 0. */
int report_status(const struct report *report, bool strict);
