#include "metrics/metrics_internal.h"

#include "api/application.h"
#include "cache/cache.h"

#include <stddef.h>

#include "base/banned.h"

static const struct counter {
	const char *name, *help;
	size_t offset; /* of a uint64_t in struct cache_numbers */
} counters[] = {
	{"cybertreaty_cache_hits", "Answers that were kept and still held.",
	 offsetof(struct cache_numbers, hits)},
	{"cybertreaty_cache_misses", "Answers that had to be made.",
	 offsetof(struct cache_numbers, misses)},
	{"cybertreaty_cache_waits", "Requests that waited for an answer that another one made.",
	 offsetof(struct cache_numbers, waits)},
	{"cybertreaty_cache_stale",
	 "Answers that were given although they no longer held, or nobody knew.",
	 offsetof(struct cache_numbers, stale)},
	{"cybertreaty_cache_stores", "Answers that were kept.",
	 offsetof(struct cache_numbers, stores)},
	{"cybertreaty_cache_evictions", "Answers that had to go to make room.",
	 offsetof(struct cache_numbers, evictions)},
	{"cybertreaty_cache_too_large", "Answers that were too large to be kept.",
	 offsetof(struct cache_numbers, too_large)},
	{0},
};

void metrics_cache(struct exposition *text, const struct application *application)
{
	struct cache_numbers numbers;

	cache_numbers(application->cache, &numbers);
	for (const struct counter *counter = counters; counter->name; counter++) {
		const char *member = (const char *)&numbers + counter->offset;

		exposition_single(text, EXPOSE_COUNTER, counter->name, counter->help,
				  *(const uint64_t *)(const void *)member);
	}
	exposition_single(text, EXPOSE_GAUGE, "cybertreaty_cache_entries", "Answers that are kept.",
			  numbers.entries);
	exposition_single(text, EXPOSE_GAUGE, "cybertreaty_cache_max_bytes",
			  "Bytes that kept answers may take.",
			  (uint64_t)application->config->cache_bytes);
	exposition_family(text, EXPOSE_GAUGE, "cybertreaty_cache_bytes",
			  "Bytes that kept answers take; common ones have half of them "
			  "for themselves.");
	exposition_count(text, "", "kind=\"common\"", numbers.common_bytes);
	exposition_count(text, "", "kind=\"rare\"", numbers.rare_bytes);
}
