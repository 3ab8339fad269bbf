/*
 * exposition: metrics in the Prometheus text format 0.0.4 or as OpenMetrics 1.0.
 *
 *	exposition_family(&text, EXPOSE_COUNTER, "cybertreaty_waits", "Requests that waited.");
 *	exposition_count(&text, "", NULL, 3);
 *
 * writes HELP, TYPE and `cybertreaty_waits_total 3`. Labels are `name="value"`, separated by
 * commas; values must not contain quotes, backslashes or line ends.
 */
#pragma once
#include <stdint.h>

#include "base/buffer.h"

enum exposition_kind { EXPOSE_COUNTER, EXPOSE_GAUGE, EXPOSE_HISTOGRAM };

/* Set `openmetrics` and zero the rest. Check text.failed at the end. */
struct exposition {
	struct buffer text;
	bool openmetrics;
	const char *name; /* of the family that samples belong to */
	enum exposition_kind kind;
};

/* `name` is without _total, which is added for counters. */
void exposition_family(struct exposition *exposition, enum exposition_kind kind, const char *name,
		       const char *help);

/* One sample of the family; `suffix` is "" except for histograms, `labels` may be NULL. */
void exposition_count(struct exposition *exposition, const char *suffix, const char *labels,
		      uint64_t value);
void exposition_seconds(struct exposition *exposition, const char *suffix, const char *labels,
			uint64_t microseconds);

/* A family with one sample and no labels. */
void exposition_single(struct exposition *exposition, enum exposition_kind kind, const char *name,
		       const char *help, uint64_t value);

/* Ends the text; nothing may be added afterwards. */
void exposition_end(struct exposition *exposition);
