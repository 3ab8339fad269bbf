/*
 * doctor: checks settings, database, facts and the running service, and advises on repairs.
 */
#include "base/cleanup.h"
#include "base/number.h"
#include "command/command.h"
#include "command/doctor/check_database.h"
#include "command/doctor/check_facts.h"
#include "command/doctor/check_replicas.h"
#include "command/doctor/check_service.h"

#include <stdio.h>
#include <string.h>

#include "base/banned.h"

enum { CONNECT_MILLISECONDS = 10000, STALE_DAYS = 365, MOST_DAYS = 36500 };

struct doctor_arguments {
	bool json, strict;
	long stale_days;
};

static int usage(FILE *out, int status)
{
	fputs("Usage: cybertreaty doctor [--json] [--strict] [--stale-days N]\n\n"
	      "Checks settings, database, facts and the service on this machine. Each check is "
	      "ok,\n"
	      "warning, failed or skipped, and comes with advice. Changes nothing.\n\n"
	      "  --json          writes one JSON object with all findings\n"
	      "  --strict        exit status 3 when there are warnings\n"
	      "  --stale-days N  a source is stale N days after it was read (0 to 36500;\n"
	      "                  default 365)\n\n"
	      "Exit status: 0 nothing failed, 1 a check failed, 2 wrong usage, 3 (--strict) no "
	      "check\n"
	      "failed, but there are warnings.\n",
	      out);
	return status;
}

static bool read_arguments(struct doctor_arguments *arguments, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			arguments->json = true;
		else if (strcmp(argv[i], "--strict") == 0)
			arguments->strict = true;
		else if (strcmp(argv[i], "--stale-days") != 0 || ++i == argc ||
			 !number_read(argv[i], 0, MOST_DAYS, &arguments->stale_days))
			return false;
	}
	return true;
}

static const char name[] = "cybertreaty doctor";

static const struct other_server {
	const char *name, *advice;
	bool standby; /* of several hosts, a standby is preferred */
	void (*check)(struct report *report, struct session *primary, struct session *other);
} reading = {"read_database", "Check CYBERTREATY_READ_DATABASE_URL, and whether its servers run.",
	     true, check_replicas_reading},
  notifying = {"notify_database",
	       "Check CYBERTREATY_NOTIFY_DATABASE_URL, and whether the server runs.", false,
	       check_replicas_notifying};

/* Checks a server that has its own URL, which may be "" for none. */
static void check_other(struct report *report, struct session *primary, const char *url,
			const struct other_server *other)
{
	CLEANUP(session_close) struct session *session = NULL;
	struct error err;

	if (!*url)
		return;
	if (session_open(url, other->standby, name, CONNECT_MILLISECONDS, &session, &err))
		other->check(report, primary, session);
	else
		report_result(report_begin(report, other->name), OUTCOME_FAILED, other->advice,
			      "%s", err.message);
}

/* Returns the revision that a service must have reached; -1 when it is unknown. */
static long newest_revision(struct session *session)
{
	CLEANUP(report_free) struct report aside = {0};
	long revision;
	bool standby;

	return check_replicas_revision(&aside, report_begin(&aside, ""), session, &revision,
				       &standby)
		       ? revision
		       : -1;
}

/* Without valid settings nothing else can be checked. */
static void check_all(struct report *report, const struct doctor_arguments *arguments)
{
	CLEANUP(session_close) struct session *session = NULL;
	struct check *check = report_begin(report, "settings");
	struct config config;
	struct error err, warning;
	long newest = -1;

	if (!config_read(&config, &err)) {
		report_result(check, OUTCOME_FAILED,
			      "`cybertreaty serve --help` lists all settings.", "%s", err.message);
		return;
	}
	if (config_warning(&config, &warning))
		report_result(check, OUTCOME_WARNING,
			      "Raise the first, or lower one of the others.", "%s",
			      warning.message);
	else
		report_result(check, OUTCOME_OK, NULL, "The settings are valid.");

	if (session_open(config.database_url, false, name, CONNECT_MILLISECONDS, &session, &err)) {
		newest = newest_revision(session);
		check_database_run(report, &config, session);
		check_other(report, session, config.read_database_url, &reading);
		check_other(report, session, config.notify_database_url, &notifying);
		check_facts_run(report, session, arguments->stale_days);
	} else {
		report_result(report_begin(report, "database"), OUTCOME_FAILED,
			      "Check CYBERTREATY_DATABASE_URL, and whether the server runs.", "%s",
			      err.message);
	}
	check_service_run(report, &config, newest);
}

int command_doctor(int argc, char **argv)
{
	CLEANUP(report_free) struct report report = {0};
	CLEANUP(buffer_free) struct buffer out = {0};
	struct doctor_arguments arguments = {.stale_days = STALE_DAYS};

	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return usage(stdout, 0);
	if (!read_arguments(&arguments, argc, argv))
		return usage(stderr, 2);
	check_all(&report, &arguments);
	if (arguments.json)
		report_json(&report, &out);
	else
		report_text(&report, &out);
	if (out.failed) {
		fputs("cybertreaty: out of memory.\n", stderr);
		return 1;
	}
	if (fputs(out.bytes, stdout) == EOF || fflush(stdout) != 0) {
		fputs("cybertreaty: the report could not be written.\n", stderr);
		return 1;
	}
	return report_status(&report, arguments.strict);
}
