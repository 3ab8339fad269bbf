#include "metrics/families.h"

#include "api/application.h"
#include "cache/cache.h"

#include <stddef.h>

#include "base/banned.h"

static const struct counter {
	const char *name, *help;
	size_t offset; /* of a uint64_t in struct cache_numbers */
} counters[] = {
	{"cybertreaty_cache_hits", "Requests answered with a valid cache entry.",
	 offsetof(struct cache_numbers, hits)},
	{"cybertreaty_cache_misses", "Requests without a valid cache entry.",
	 offsetof(struct cache_numbers, misses)},
	{"cybertreaty_cache_waits", "Requests that waited for a concurrent computation.",
	 offsetof(struct cache_numbers, waits)},
	{"cybertreaty_cache_stale", "Stale responses that were served.",
	 offsetof(struct cache_numbers, stale)},
	{"cybertreaty_cache_stores", "Cache entries that were stored.",
	 offsetof(struct cache_numbers, stores)},
	{"cybertreaty_cache_evictions", "Cache entries that were evicted.",
	 offsetof(struct cache_numbers, evictions)},
	{"cybertreaty_cache_oversized", "Responses that were too large to be stored.",
	 offsetof(struct cache_numbers, too_large)},
	{0},
};

void cache_metrics_add(struct exposition *text, const struct application *application)
{
	struct cache_numbers numbers;

	cache_numbers(application->cache, &numbers);
	for (const struct counter *counter = counters; counter->name; counter++) {
		const char *member = (const char *)&numbers + counter->offset;

		exposition_single(text, EXPOSE_COUNTER, counter->name, counter->help,
				  *(const uint64_t *)(const void *)member);
	}
	exposition_single(text, EXPOSE_GAUGE, "cybertreaty_cache_entries", "Cache entries.",
			  numbers.entries);
	exposition_single(text, EXPOSE_GAUGE, "cybertreaty_cache_max_bytes",
			  "Maximum size of the cache in bytes.",
			  (uint64_t)application->config->cache_bytes);
	exposition_family(text, EXPOSE_GAUGE, "cybertreaty_cache_bytes",
			  "Size of the cache in bytes; half of it is for common responses.");
	exposition_count(text, "", "kind=\"common\"", numbers.common_bytes);
	exposition_count(text, "", "kind=\"rare\"", numbers.rare_bytes);
}
