#include "metrics/exposition.h"

#include <inttypes.h>

#include "base/banned.h"

static const char *suffix_of(enum exposition_kind kind)
{
	return kind == EXPOSE_COUNTER ? "_total" : "";
}

void exposition_family(struct exposition *exposition, enum exposition_kind kind, const char *name,
		       const char *help)
{
	static const char *const kinds[] = {
		[EXPOSE_COUNTER] = "counter",
		[EXPOSE_GAUGE] = "gauge",
		[EXPOSE_HISTOGRAM] = "histogram",
	};
	/* In OpenMetrics the suffix belongs to the sample, not to the family. */
	const char *suffix = exposition->openmetrics ? "" : suffix_of(kind);

	exposition->name = name;
	exposition->kind = kind;
	buffer_format(&exposition->text, "# HELP %s%s %s\n# TYPE %s%s %s\n", name, suffix, help,
		      name, suffix, kinds[kind]);
}

/* Everything before the value. */
static void begin(struct exposition *exposition, const char *suffix, const char *labels)
{
	buffer_text(&exposition->text, exposition->name);
	buffer_text(&exposition->text, suffix_of(exposition->kind));
	buffer_text(&exposition->text, suffix);
	if (labels)
		buffer_format(&exposition->text, "{%s}", labels);
}

void exposition_count(struct exposition *exposition, const char *suffix, const char *labels,
		      uint64_t value)
{
	begin(exposition, suffix, labels);
	buffer_format(&exposition->text, " %" PRIu64 "\n", value);
}

void exposition_seconds(struct exposition *exposition, const char *suffix, const char *labels,
			uint64_t microseconds)
{
	begin(exposition, suffix, labels);
	buffer_format(&exposition->text, " %" PRIu64 ".%06" PRIu64 "\n", microseconds / 1000000,
		      microseconds % 1000000);
}

void exposition_single(struct exposition *exposition, enum exposition_kind kind, const char *name,
		       const char *help, uint64_t value)
{
	exposition_family(exposition, kind, name, help);
	exposition_count(exposition, "", NULL, value);
}

void exposition_end(struct exposition *exposition)
{
	if (exposition->openmetrics)
		buffer_text(&exposition->text, "# EOF\n");
}
