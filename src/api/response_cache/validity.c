#include "api/response_cache/validity.h"

#include "api/application.h"
#include "api/documents.h"
#include "http/routing/route.h"

#include "base/banned.h"

enum { DAY_SECONDS = 86400 };

struct validity validity_of(const struct request *request)
{
	const struct application *application = request->application;

	return (struct validity){
		.dataset = dataset_revision_state(application->newest),
		.today = (long)(request->midnight / DAY_SECONDS),
		.daily = documents_legal_time(request->route->detail,
					      request_value(request, "include")) &&
			 !request_value(request, "as_of"),
	};
}

struct entry_validity validity_wanted(const struct validity *validity)
{
	return (struct entry_validity){.revision = validity->dataset.revision,
				       .day = validity->today};
}

bool validity_covers(const struct validity *validity, const struct dataset_state *seen)
{
	const struct dataset_state *newest = &validity->dataset;

	return seen->revision > newest->revision ||
	       (seen->revision == newest->revision &&
		(!newest->changed || seen->changed == newest->changed));
}

struct entry_validity validity_made(const struct validity *validity, uint64_t revision)
{
	return (struct entry_validity){
		.revision = revision,
		.day = validity->daily ? validity->today : ENTRY_ANY_DAY,
	};
}
