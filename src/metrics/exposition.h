/*
 * exposition: metrics as text, in Prometheus' format 0.0.4 or as OpenMetrics 1.0.
 *
 *	exposition_family(&text, EXPOSE_COUNTER, "cybertreaty_waits", "How often somebody waited.");
 *	exposition_count(&text, "", NULL, 3);
 *
 * gives HELP, TYPE and `cybertreaty_waits_total 3`. Labels are `name="value"` with commas between
 * them; their values hold no quotes, backslashes and line ends.
 */
#pragma once
#include <stdint.h>

#include "base/buffer.h"

enum exposition_kind { EXPOSE_COUNTER, EXPOSE_GAUGE, EXPOSE_HISTOGRAM };

/* Set `openmetrics`; the rest is zero at first. Look at text.failed at the end. */
struct exposition {
	struct buffer text;
	bool openmetrics;
	const char *name; /* of the family that samples belong to */
	enum exposition_kind kind;
};

/* `name` is without _total, which counters get by themselves. */
void exposition_family(struct exposition *exposition, enum exposition_kind kind, const char *name,
		       const char *help);

/* One sample of the family; `suffix` is "" but for histograms, `labels` may be NULL. */
void exposition_count(struct exposition *exposition, const char *suffix, const char *labels,
		      uint64_t value);
void exposition_seconds(struct exposition *exposition, const char *suffix, const char *labels,
			uint64_t microseconds);

/* A family with one sample and no labels. */
void exposition_single(struct exposition *exposition, enum exposition_kind kind, const char *name,
		       const char *help, uint64_t value);

/* Nothing may be added after. */
void exposition_end(struct exposition *exposition);
