#include "api/read/total_count.h"

#include "api/application.h"
#include "api/response_cache/response_cache.h"
#include "base/cleanup.h"

#include <string.h>

#include "base/banned.h"

bool total_count_find(const struct request *request, const char *filters, struct total_count *total,
		      struct error *err)
{
	const struct application *application = request->application;
	const struct entry_origin wanted = response_cache_origin(request);
	CLEANUP(entry_release) struct entry *entry = cache_find(application->totals, filters, true);

	*total = (struct total_count){0};
	if (!entry || !entry_holds(entry, &wanted))
		return true;
	total->revision = entry->origin.revision;
	total->text = arena_copy(request->arena, (const char *)entry->own,
				 strlen((const char *)entry->own));
	return total->text || error_out_of_memory(err);
}

void total_count_keep(const struct request *request, const char *filters,
		      const struct total_count *total)
{
	const struct application *application = request->application;
	const struct entry_origin origin = {.revision = total->revision,
					    .day = response_cache_day(request)};
	const size_t size = strlen(total->text) + 1;
	CLEANUP(entry_release) struct entry *entry = entry_make(filters, &origin, size);

	if (!entry)
		return;
	memcpy(entry->own, total->text, size);
	cache_keep(application->totals, entry);
}
