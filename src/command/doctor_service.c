#include "base/cleanup.h"
#include "command/conform.h"
#include "command/doctor.h"
#include "command/local.h"

#include <jansson.h>

#include "base/banned.h"

static const char sample[] = "/v1/countries/NO", template[] = "/v1/countries/{code}";

static void free_json(json_t **json)
{
	json_decref(*json);
}

/* The body as JSON, which the caller frees; NULL when it is none. */
static json_t *read_json(const struct local_answer *answer)
{
	return json_loads(answer->body, JSON_REJECT_DUPLICATES, NULL);
}

/* True when the service is there and ready. */
static bool is_ready(struct check *check, const struct config *config)
{
	CLEANUP(local_free) struct local_answer answer = {0};
	CLEANUP(free_json) json_t *problem = NULL;
	const char *reason;

	switch (local_get(config, "/readyz", &answer)) {
	case LOCAL_NOBODY:
		check_says(check, OUTCOME_SKIPPED, NULL,
			   "Nothing listens on %s port %ld, so no request was made.",
			   config->address, config->port);
		return false;
	case LOCAL_SILENT:
		check_says(check, OUTCOME_FAILED, "Look at its log, and restart it.",
			   "What listens on %s port %ld does not answer.", config->address,
			   config->port);
		return false;
	case LOCAL_ANSWERED:
		break;
	}
	if (answer.status == 200)
		return true;
	problem = read_json(&answer);
	reason = json_string_value(json_object_get(problem, "reason"));
	check_says(check, OUTCOME_FAILED,
		   reason ? "Mend that; it becomes ready by itself."
			  : "Look which program listens there.",
		   "What listens on %s port %ld is not ready: it gives status %d%s%s.",
		   config->address, config->port, answer.status, reason ? " and names " : "",
		   reason ? reason : "");
	return false;
}

/* A request whose answer must have status 200 and be JSON; *json belongs to the caller. */
static bool get_json(struct check *check, const struct config *config, const char *path,
		     json_t **json)
{
	CLEANUP(local_free) struct local_answer answer = {0};
	enum local_outcome outcome = local_get(config, path, &answer);

	if (outcome != LOCAL_ANSWERED) {
		check_says(check, OUTCOME_FAILED, "Look at the log of the service.",
			   "The service is ready and does not answer %s.", path);
		return false;
	}
	if (answer.status == 404 && path == sample) {
		check_says(check, OUTCOME_WARNING, "Run `cybertreaty import DIR`.",
			   "The service is ready and has no %s.", path);
		return false;
	}
	if (answer.status != 200) {
		check_says(check, OUTCOME_FAILED, "Look at the log of the service.",
			   "The service is ready and gives status %d to %s.", answer.status, path);
		return false;
	}
	*json = read_json(&answer);
	if (!*json)
		check_says(check, OUTCOME_FAILED, "Look which program listens there.",
			   "The answer to %s is not JSON.", path);
	return *json;
}

void doctor_service(struct diagnosis *diagnosis, const struct config *config)
{
	CLEANUP(free_json) json_t *contract = NULL;
	CLEANUP(free_json) json_t *answer = NULL;
	struct check *check = diagnosis_begin(diagnosis, "service");
	const json_t *schema;
	struct error err;

	if (config->port == 0) {
		check_says(check, OUTCOME_SKIPPED, "Set CYBERTREATY_PORT to that of the service.",
			   "The kernel chooses the port, so no request was made.");
		return;
	}
	if (!is_ready(check, config) || !get_json(check, config, "/openapi.json", &contract) ||
	    !get_json(check, config, sample, &answer))
		return;
	schema = conform_answer(contract, template);
	if (!schema)
		check_says(check, OUTCOME_FAILED, "Look which program listens there.",
			   "The contract that the service gives has no %s.", template);
	else if (!conform(contract, schema, answer, &err))
		check_says(check, OUTCOME_FAILED, "Run the same version of program and migrations.",
			   "The answer to %s does not fit the contract: %s", sample, err.message);
	else
		check_says(check, OUTCOME_OK, NULL,
			   "What listens on %s port %ld is ready; %s fits the contract.",
			   config->address, config->port, sample);
}
