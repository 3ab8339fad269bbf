#include "api/read/total_count.h"

#include "api/application.h"
#include "api/response_cache/validity.h"
#include "base/cleanup.h"

#include <string.h>

#include "base/banned.h"

bool total_count_find(const struct request *request, const char *filters, struct total_count *total,
		      struct error *err)
{
	const struct application *application = request->application;
	const struct validity validity = validity_of(request);
	const struct entry_validity wanted = validity_wanted(&validity);
	CLEANUP(entry_release) struct entry *entry = cache_find(application->totals, filters, true);

	*total = (struct total_count){0};
	if (!entry || !entry_holds(entry, &wanted))
		return true;
	total->revision = entry->validity.revision;
	total->text = arena_copy(request->arena, (const char *)entry->own,
				 strlen((const char *)entry->own));
	return total->text || error_out_of_memory(err);
}

void total_count_keep(const struct request *request, const char *filters,
		      const struct total_count *total)
{
	const struct application *application = request->application;
	const struct validity validity = validity_of(request);
	const struct entry_validity made = validity_made(&validity, total->revision);
	const size_t size = strlen(total->text) + 1;
	CLEANUP(entry_release) struct entry *entry = entry_make(filters, &made, size);

	if (!entry)
		return;
	memcpy(entry->own, total->text, size);
	cache_keep(application->totals, entry);
}
