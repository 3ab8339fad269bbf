#include "api/site/static_file.h"
#include "base/cleanup.h"
#include "command/doctor/doctor.h"
#include "command/local.h"

#include <jansson.h>
#include <string.h>

#include "base/banned.h"

static void free_json(json_t **json)
{
	json_decref(*json);
}

/* True when the service is there and ready. */
static bool is_ready(struct check *check, const struct config *config)
{
	CLEANUP(local_free) struct local_answer answer = {0};
	CLEANUP(free_json) json_t *problem = NULL;
	const char *reason;

	switch (local_get(config, "/readyz", &answer)) {
	case LOCAL_NOBODY:
		report_says(check, OUTCOME_SKIPPED, NULL,
			    "Nothing listens on %s port %ld, so no request was made.",
			    config->address, config->port);
		return false;
	case LOCAL_SILENT:
		report_says(check, OUTCOME_FAILED, "Look at its log, and restart it.",
			    "What listens on %s port %ld does not answer.", config->address,
			    config->port);
		return false;
	case LOCAL_ANSWERED:
		break;
	}
	if (answer.status == 200)
		return true;
	problem = json_loads(answer.body, JSON_REJECT_DUPLICATES, NULL);
	reason = json_string_value(json_object_get(problem, "reason"));
	report_says(check, OUTCOME_FAILED,
		    reason ? "Mend that; it becomes ready by itself."
			   : "Look which program listens there.",
		    "What listens on %s port %ld is not ready: it gives status %d%s%s.",
		    config->address, config->port, answer.status, reason ? " and names " : "",
		    reason ? reason : "");
	return false;
}

/* A request whose answer must have status 200 and be JSON; *json belongs to the caller. *same tells
 * whether the bytes are those of `file`, which may be NULL. */
static bool get_json(struct check *check, const struct config *config, const char *path,
		     json_t **json, const struct embedded *file, bool *same)
{
	CLEANUP(local_free) struct local_answer answer = {0};
	enum local_outcome outcome = local_get(config, path, &answer);

	if (outcome != LOCAL_ANSWERED) {
		report_says(check, OUTCOME_FAILED, "Look at the log of the service.",
			    "The service is ready and does not answer %s.", path);
		return false;
	}
	if (answer.status != 200) {
		report_says(check, OUTCOME_FAILED, "Look at the log of the service.",
			    "The service is ready and gives status %d to %s.", answer.status, path);
		return false;
	}
	*same = file && strcmp(answer.body, file->text) == 0;
	*json = json_loads(answer.body, JSON_REJECT_DUPLICATES, NULL);
	if (!*json)
		report_says(check, OUTCOME_FAILED, "Look which program listens there.",
			    "The answer to %s is not JSON.", path);
	return *json;
}

/* The service's own word on the revision that it serves; -1 when it gives none. */
static json_int_t served_revision(const json_t *entry)
{
	const json_t *dataset = json_object_get(json_object_get(entry, "data"), "dataset");
	const json_t *revision = json_object_get(dataset, "revision");

	return json_is_integer(revision) ? json_integer_value(revision) : -1;
}

static void judge(struct check *check, const struct config *config, bool same, json_int_t served,
		  long newest)
{
	if (!same)
		report_says(check, OUTCOME_WARNING,
			    "Restart it, or call the doctor of its version.",
			    "What listens on %s port %ld is ready, but its contract is not that of "
			    "this program: another version runs there.",
			    config->address, config->port);
	else if (served < 0)
		report_says(check, OUTCOME_FAILED, "Look at the log of the service.",
			    "The answer to /v1 names no revision of the dataset.");
	else if (newest >= 0 && served < newest)
		report_says(check, OUTCOME_WARNING,
			    "Wait a second and ask again; if that stays, it has lost its database "
			    "or is set to another one.",
			    "The service is at revision %lld, the database at %ld.",
			    (long long)served, newest);
	else
		report_says(check, OUTCOME_OK, NULL,
			    "What listens on %s port %ld is ready, at revision %lld.",
			    config->address, config->port, (long long)served);
}

void doctor_service(struct report *diagnosis, const struct config *config, long newest)
{
	CLEANUP(free_json) json_t *given = NULL;
	CLEANUP(free_json) json_t *entry = NULL;
	struct check *check = report_begin(diagnosis, "service");
	bool same, ignored;

	if (config->port == 0) {
		report_says(check, OUTCOME_SKIPPED, "Set CYBERTREATY_PORT to that of the service.",
			    "The kernel chooses the port, so no request was made.");
	} else if (is_ready(check, config) &&
		   get_json(check, config, "/openapi.json", &given, static_file_contract(), &same) &&
		   get_json(check, config, "/v1", &entry, NULL, &ignored)) {
		judge(check, config, same, served_revision(entry), newest);
		doctor_answers(diagnosis, config, given);
		return;
	}
	report_says(report_begin(diagnosis, "answers"), OUTCOME_SKIPPED, NULL,
		    "Without a service there are none to hold against the contract.");
}
