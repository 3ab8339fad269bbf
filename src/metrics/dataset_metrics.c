#include "metrics/families.h"

#include "api/application.h"
#include "api/response_cache/dataset_revision.h"
#include "api/site/probes.h"
#include "cache/entry.h"

#include "base/banned.h"

enum { READY_MILLISECONDS = 1000 }; /* timeout of the readiness check */

void dataset_metrics_add(struct exposition *text, struct application *application)
{
	const int64_t contact = dataset_revision_contact(application->newest);
	const uint64_t revision = dataset_revision_newest(application->newest);
	struct error unsaid;
	bool ready = !probes_obstacle(application, deadline_after(READY_MILLISECONDS), &unsaid);

	exposition_single(text, EXPOSE_GAUGE, "cybertreaty_ready",
			  "1 if the service is ready, as reported by /readyz.", ready);
	exposition_single(text, EXPOSE_GAUGE, "cybertreaty_listener_connected",
			  "1 while the listener is connected; otherwise revisions are polled.",
			  dataset_revision_listening(application->newest));
	/* No values before the first contact with the database. */
	if (contact == 0)
		return;
	exposition_single(text, EXPOSE_GAUGE, "cybertreaty_dataset_revision",
			  "The newest known revision of the dataset.", revision);
	exposition_family(text, EXPOSE_GAUGE, "cybertreaty_dataset_contact_age_seconds",
			  "Seconds since the database last confirmed its revision.");
	exposition_seconds(text, "", NULL, (uint64_t)(entry_clock() - contact) * 1000);
}
