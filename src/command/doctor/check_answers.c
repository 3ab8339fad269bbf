#include "base/cleanup.h"
#include "base/deadline.h"
#include "command/doctor/conform.h"
#include "command/doctor/doctor.h"
#include "command/local.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/banned.h"

enum { ALL_MILLISECONDS = 60000, TOO_MANY_REQUESTS = 429, ADDRESS_BYTES = 1024 };

/* One request for each address of the contract that answers with JSON. */
struct sampling {
	const struct config *config;
	const json_t *contract;
	struct check *check;
	struct deadline deadline;
	size_t asked, without; /* requests; addresses for which there is no record */
	bool limited;	       /* the service asked for fewer requests */
};

static void free_json(json_t **json)
{
	json_decref(*json);
}

static void add_mistake(struct sampling *sampling, const char *address, const char *what)
{
	CLEANUP(buffer_free) struct buffer label = {0};
	CLEANUP(buffer_free) struct buffer json = {0};

	buffer_format(&label, "%s (%s)", address, what);
	buffer_text(&json, "{\"address\":");
	buffer_json(&json, address);
	buffer_text(&json, ",\"mistake\":");
	buffer_json(&json, what);
	buffer_text(&json, "}");
	if (label.failed || json.failed)
		sampling->check->items.failed = true;
	else
		report_item(sampling->check, label.bytes, json.bytes);
}

/* Asks for an address and holds the answer against the schema of its template. The body belongs to
 * the caller; NULL when there was none to use, which is told unless the service asked for peace. */
static json_t *ask(struct sampling *sampling, const char *template, const char *address)
{
	CLEANUP(local_free) struct local_answer answer = {0};
	CLEANUP(free_json) json_t *body = NULL;
	const json_t *schema = conform_answer(sampling->contract, template);
	json_t *good;
	struct error err;

	sampling->asked++;
	if (local_get(sampling->config, address, &answer) != LOCAL_ANSWERED) {
		add_mistake(sampling, address, "no answer");
		return NULL;
	}
	if (answer.status == TOO_MANY_REQUESTS) {
		sampling->limited = true;
		return NULL;
	}
	if (answer.status != 200) {
		error_set(&err, ERROR_INTERNAL, "status %d", answer.status);
		add_mistake(sampling, address, err.message);
		return NULL;
	}
	body = json_loads(answer.body, JSON_REJECT_DUPLICATES, NULL);
	if (!body || !conform(sampling->contract, schema, body, &err)) {
		add_mistake(sampling, address, body ? err.message : "no JSON");
		return NULL;
	}
	good = body;
	body = NULL;
	return good;
}

/* The address of the first record of a list, as one of that list: a reservation calls itself a
 * statement. */
static bool first_record(struct sampling *sampling, const char *template, const char *list,
			 char record[ADDRESS_BYTES])
{
	CLEANUP(free_json) json_t *body = NULL;
	char address[ADDRESS_BYTES];
	const char *self;

	if (snprintf(address, sizeof address, "%s?limit=1", list) >= ADDRESS_BYTES)
		return false;
	body = ask(sampling, template, address);
	self = json_string_value(json_object_get(
		json_object_get(json_array_get(json_object_get(body, "data"), 0), "links"),
		"self"));
	self = self ? strrchr(self, '/') : NULL;
	return self && snprintf(record, ADDRESS_BYTES, "%s%s", list, self) < ADDRESS_BYTES;
}

/* An address that the template stands for: each {part} is that of the first record of the list
 * before it. */
static bool fill(struct sampling *sampling, const char *template, char address[ADDRESS_BYTES])
{
	char list[ADDRESS_BYTES], before[ADDRESS_BYTES], record[ADDRESS_BYTES];
	const char *part = strchr(template, '{'), *rest;
	size_t done;

	if (snprintf(address, ADDRESS_BYTES, "%s", template) >= ADDRESS_BYTES)
		return false;
	for (; part; part = strchr(rest, '{')) {
		rest = part + strcspn(part, "}");
		if (*rest++ != '}' || part - template <2)
			return false;
		done = strcspn(address, "{");
		snprintf(list, sizeof list, "%.*s", (int)done - 1, address);
		snprintf(before, sizeof before, "%.*s", (int)(part - template) - 1, template);
		if (!first_record(sampling, before, list, record) ||
		    snprintf(address, ADDRESS_BYTES, "%s%s", record, rest) >= ADDRESS_BYTES)
			return false;
	}
	return true;
}

static void ask_for_each(struct sampling *sampling)
{
	const json_t *paths = json_object_get(sampling->contract, "paths");
	const char *template;
	json_t *item;

	json_object_foreach((json_t *)paths, template, item)
	{
		char address[ADDRESS_BYTES];
		size_t mistakes = sampling->check->count;

		if (sampling->limited || deadline_passed(sampling->deadline))
			return;
		if (strncmp(template, "/v1", 3) != 0 ||
		    !conform_answer(sampling->contract, template))
			continue;
		if (fill(sampling, template, address))
			json_decref(ask(sampling, template, address));
		else if (!sampling->limited && sampling->check->count == mistakes)
			sampling->without++;
	}
}

void doctor_answers(struct report *diagnosis, const struct config *config, const json_t *contract)
{
	struct sampling sampling = {
		.config = config,
		.contract = contract,
		.check = report_begin(diagnosis, "answers"),
		.deadline = deadline_after(ALL_MILLISECONDS),
	};

	ask_for_each(&sampling);
	if (sampling.check->count)
		report_says(
			sampling.check, OUTCOME_FAILED,
			"Run the same version of program and migrations; the log of the service "
			"has more.",
			"Answers do not fit the contract of the service");
	else if (sampling.asked == 0)
		report_says(sampling.check, OUTCOME_FAILED, "Look which program listens there.",
			    "The contract that the service gives has no address to ask for.");
	else if (sampling.limited)
		report_says(sampling.check, OUTCOME_WARNING, "Ask again later.",
			    "The service limits requests; the %zu before that fit the contract.",
			    sampling.asked - 1);
	else if (deadline_passed(sampling.deadline))
		report_says(sampling.check, OUTCOME_WARNING, "Look what keeps the service busy.",
			    "After %zu requests, all of which fit the contract, a minute was over.",
			    sampling.asked);
	else if (sampling.without)
		report_says(sampling.check, OUTCOME_WARNING, "Run `cybertreaty import DIR`.",
			    "%zu answers fit the contract; for %zu addresses there is no record.",
			    sampling.asked, sampling.without);
	else
		report_says(sampling.check, OUTCOME_OK, NULL, "%zu answers fit the contract.",
			    sampling.asked);
}
