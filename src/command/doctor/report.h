/*
 * diagnosis: what the checks of the doctor found, and how that is told.
 */
#pragma once
#include "base/buffer.h"

enum outcome_kind {
	OUTCOME_OK,
	OUTCOME_SKIPPED, /* could not be made, for a reason that is no failure of its own */
	OUTCOME_WARNING,
	OUTCOME_FAILED,
	OUTCOMES /* their number */
};

struct check {
	const char *name; /* for scripts: lower case, underscores */
	enum outcome_kind outcome;
	struct buffer says;	/* a sentence, without its full stop when items follow */
	const char *mend;	/* a sentence; NULL when there is nothing to do */
	struct buffer examples; /* labels of the first items */
	struct buffer items;	/* members of a JSON array, the first 1000 */
	size_t count;		/* of the items that report_item added */
};

enum { DIAGNOSIS_CHECKS = 16 };

/* All-zero is empty; report_free releases it. */
struct report {
	struct check checks[DIAGNOSIS_CHECKS];
	size_t count;
};

void report_free(struct report *diagnosis);

/* Begins the next check, which is fine until something else is said. The name lives on. */
struct check *report_begin(struct report *diagnosis, const char *name);

/* Says how the check came out; `mend` lives on. Once a check. */
void report_says(struct check *check, enum outcome_kind outcome, const char *mend,
		 const char *format, ...) PRINTF_LIKE(4, 5);

/* Adds what was found: a short text for people and a JSON text for programs. */
void report_item(struct check *check, const char *label, const char *json);

/* True when the last check of that name has failed; false when there is none. */
bool report_failed(const struct report *diagnosis, const char *name);

/* A line a check, then a line that counts them. */
void report_text(const struct report *diagnosis, struct buffer *out);

/* One object: version, outcome (the worst of all), checks with their items, and how many more of
 * those there are. */
void report_json(const struct report *diagnosis, struct buffer *out);

/* Exit status: 1 when a check failed, 3 when strict and a check warns, else 0. */
int report_status(const struct report *diagnosis, bool strict);
