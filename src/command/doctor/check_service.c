#include "command/doctor/check_service.h"

#include "api/site/static_file.h"
#include "base/cleanup.h"
#include "command/local.h"

#include <jansson.h>
#include <string.h>

#include "base/banned.h"

static const char look_at_log[] = "Look at the log of the service.";
static const char other_program[] = "Check which program listens there.";

/* True when the service is running and ready. */
static bool is_ready(struct check *check, const struct config *config)
{
	CLEANUP(local_free) struct local_response response = {0};
	json_auto_t *problem = NULL;
	const char *reason;

	switch (local_get(config, "/readyz", &response)) {
	case LOCAL_REFUSED:
		report_result(check, OUTCOME_SKIPPED, NULL,
			      "Nothing listens on %s port %ld, so no request was made.",
			      config->address, config->port);
		return false;
	case LOCAL_TIMEOUT:
		report_result(check, OUTCOME_FAILED, "Look at its log, and restart it.",
			      "The program on %s port %ld does not respond.", config->address,
			      config->port);
		return false;
	case LOCAL_RESPONSE:
		break;
	}
	if (response.status == 200)
		return true;
	problem = local_json(&response);
	reason = json_string_value(json_object_get(problem, "reason"));
	report_result(check, OUTCOME_FAILED,
		      reason ? "Repair that; the service then becomes ready by itself."
			     : other_program,
		      "The program on %s port %ld is not ready: its status is %d%s%s.",
		      config->address, config->port, response.status,
		      reason ? " and its reason " : "", reason ? reason : "");
	return false;
}

static bool get(struct check *check, const struct config *config, const char *path,
		struct local_response *response)
{
	if (local_get(config, path, response) != LOCAL_RESPONSE)
		report_result(check, OUTCOME_FAILED, look_at_log,
			      "The service is ready, but does not respond to %s.", path);
	else if (response->status != 200)
		report_result(check, OUTCOME_FAILED, look_at_log,
			      "The service is ready, but returns status %d for %s.",
			      response->status, path);
	else
		return true;
	return false;
}

/* Returns the revision that the service states; -1 when there is none. */
static json_int_t served_revision(const struct local_response *response)
{
	json_auto_t *entry = local_json(response);
	const json_t *dataset = json_object_get(json_object_get(entry, "data"), "dataset");
	const json_t *revision = json_object_get(dataset, "revision");

	return json_is_integer(revision) ? json_integer_value(revision) : -1;
}

static void check_revision(struct check *check, const struct config *config, json_int_t served,
			   long newest)
{
	if (served < 0)
		report_result(check, OUTCOME_FAILED, other_program,
			      "The response to /v1 contains no dataset revision.");
	else if (newest >= 0 && served < newest)
		report_result(check, OUTCOME_WARNING,
			      "Run the check again after a second. If the revision stays, the "
			      "service has lost its database or uses another one.",
			      "The service is at revision %lld, the database at %ld.",
			      (long long)served, newest);
	else
		report_result(check, OUTCOME_OK, NULL,
			      "The service on %s port %ld is ready, at revision %lld.",
			      config->address, config->port, (long long)served);
}

void check_service_run(struct report *report, const struct config *config, long newest)
{
	CLEANUP(local_free) struct local_response contract = {0};
	CLEANUP(local_free) struct local_response entry = {0};
	struct check *check = report_begin(report, "service");

	if (config->port == 0)
		report_result(check, OUTCOME_SKIPPED,
			      "Set CYBERTREATY_PORT to the port of the service.",
			      "The kernel chooses the port, so no request was made.");
	else if (!is_ready(check, config) || !get(check, config, "/openapi.json", &contract))
		return;
	else if (!static_file_is_contract(contract.body))
		report_result(check, OUTCOME_WARNING,
			      "Restart the service, or run the doctor of its version.",
			      "The program on %s port %ld is ready, but its API description is not "
			      "that of this program: it has another version.",
			      config->address, config->port);
	else if (get(check, config, "/v1", &entry))
		check_revision(check, config, served_revision(&entry), newest);
}
