#include "api/read/total_count.h"

#include "api/application.h"
#include "api/response_cache/response_cache.h"
#include "base/cleanup.h"

#include <string.h>

#include "base/banned.h"

bool total_find(const struct request *request, const char *filters, struct total *total,
		struct error *err)
{
	const struct application *application = request->application;
	const struct entry_origin wanted = stored_origin(request);
	CLEANUP(entry_release) struct entry *entry = cache_find(application->totals, filters, true);

	*total = (struct total){0};
	if (!entry || !entry_holds(entry, &wanted))
		return true;
	total->revision = entry->origin.revision;
	total->text = arena_copy(request->arena, (const char *)entry->own,
				 strlen((const char *)entry->own));
	return total->text || error_out_of_memory(err);
}

void total_keep(const struct request *request, const char *filters, const struct total *total)
{
	const struct application *application = request->application;
	const struct entry_origin origin = {.revision = total->revision,
					    .day = stored_day(request)};
	const size_t size = strlen(total->text) + 1;
	CLEANUP(entry_release) struct entry *entry = entry_make(filters, &origin, size);

	if (!entry)
		return;
	memcpy(entry->own, total->text, size);
	cache_keep(application->totals, entry);
}
