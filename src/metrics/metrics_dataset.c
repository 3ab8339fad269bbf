#include "metrics/metrics_internal.h"

#include "api/application.h"
#include "api/response_cache/dataset_revision.h"
#include "api/site/probes.h"
#include "cache/entry.h"

#include "base/banned.h"

enum { READY_MILLISECONDS = 1000 }; /* that looking whether it is ready may take */

void metrics_dataset(struct exposition *text, struct application *application)
{
	const int64_t contact = dataset_revision_contact(application->newest);
	const uint64_t revision = dataset_revision_newest(application->newest);
	struct error unsaid;
	bool ready = !probes_obstacle(application, deadline_after(READY_MILLISECONDS), &unsaid);

	exposition_single(text, EXPOSE_GAUGE, "cybertreaty_ready",
			  "1 when the service can serve, as /readyz says.", ready);
	exposition_single(text, EXPOSE_GAUGE, "cybertreaty_listener_connected",
			  "1 while new revisions are heard of; else they are asked for.",
			  dataset_revision_listening(application->newest));
	/* Before the database was heard of there is nothing to tell. */
	if (contact == 0)
		return;
	exposition_single(text, EXPOSE_GAUGE, "cybertreaty_dataset_revision",
			  "The newest revision of the dataset that was heard of.", revision);
	exposition_family(text, EXPOSE_GAUGE, "cybertreaty_dataset_silence_seconds",
			  "How long ago the database last told its revision.");
	exposition_seconds(text, "", NULL, (uint64_t)(entry_clock() - contact) * 1000);
}
