/*
 * doctor: looks settings, database, facts and the running service over, and says what to mend.
 */
#include "command/doctor/doctor.h"

#include "base/number.h"
#include "base/cleanup.h"
#include "command/command.h"

#include <stdio.h>
#include <string.h>

#include "base/banned.h"

enum { CONNECT_MILLISECONDS = 10000, STALE_DAYS = 365, MOST_DAYS = 36500 };

struct arguments {
	bool json, strict;
	long stale_days;
};

static int usage(FILE *out, int status)
{
	fputs("Usage: cybertreaty doctor [--json] [--strict] [--stale-days N]\n\n"
	      "Looks settings, database, facts and the service that runs here over, and says for\n"
	      "each whether it is ok, what to mind (warning) or what does not work (failed), and\n"
	      "how to mend it. A check that has nothing to look at is skipped. Changes nothing.\n\n"
	      "  --json          one object for programs, with everything that was found\n"
	      "  --strict        exit status 3 when there are warnings\n"
	      "  --stale-days N  a source is stale so many days after it was read (0 to 36500;\n"
	      "                  default 365)\n\n"
	      "Exit status: 0 nothing failed, 1 a check failed, 2 wrong usage, 3 (--strict) none\n"
	      "failed and there are warnings.\n",
	      out);
	return status;
}

static bool read_arguments(struct arguments *arguments, int argc, char **argv)
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

/* The servers that take the reads, when they are others. */
static void examine_reading(struct report *diagnosis, const struct config *config,
			    struct session *primary)
{
	CLEANUP(session_close) struct session *reading = NULL;
	struct error err;

	if (!*config->read_database_url)
		return;
	if (session_open_standby(config->read_database_url, name, CONNECT_MILLISECONDS, &reading,
				 &err))
		doctor_reading(diagnosis, primary, reading);
	else
		report_says(report_begin(diagnosis, "read_database"), OUTCOME_FAILED,
			    "Check CYBERTREATY_READ_DATABASE_URL, and that a server there runs.",
			    "%s", err.message);
}

/* The server that tells of changes, when it is another. */
static void examine_notifying(struct report *diagnosis, const struct config *config,
			      struct session *primary)
{
	CLEANUP(session_close) struct session *notifying = NULL;
	struct error err;

	if (!*config->notify_database_url)
		return;
	if (session_open(config->notify_database_url, name, CONNECT_MILLISECONDS, &notifying, &err))
		doctor_notifying(diagnosis, primary, notifying);
	else
		report_says(report_begin(diagnosis, "notify_database"), OUTCOME_FAILED,
			    "Check CYBERTREATY_NOTIFY_DATABASE_URL, and that the server runs.",
			    "%s", err.message);
}

/* The revision that a service must have by now; -1 when it cannot be told. */
static long dataset_revision_newest(struct session *session)
{
	CLEANUP(report_free) struct report aside = {0};
	long revision;
	bool standby;

	return doctor_revision(&aside, report_begin(&aside, ""), session, &revision, &standby)
		       ? revision
		       : -1;
}

/* Settings and connection: without them there is nothing else to look at. */
static void examine(struct report *diagnosis, const struct arguments *arguments)
{
	CLEANUP(session_close) struct session *session = NULL;
	struct check *check = report_begin(diagnosis, "settings");
	struct config config;
	struct error err, doubt;
	long newest = -1;

	if (!config_read(&config, &err)) {
		report_says(check, OUTCOME_FAILED, "`cybertreaty serve --help` lists all settings.",
			    "%s", err.message);
		return;
	}
	if (config_doubtful(&config, &doubt))
		report_says(check, OUTCOME_WARNING, "Raise the first, or lower one of the others.",
			    "%s", doubt.message);
	else
		report_says(check, OUTCOME_OK, NULL, "They are valid.");

	if (session_open(config.database_url, name, CONNECT_MILLISECONDS, &session, &err)) {
		newest = dataset_revision_newest(session);
		doctor_database(diagnosis, &config, session);
		examine_reading(diagnosis, &config, session);
		examine_notifying(diagnosis, &config, session);
		doctor_facts(diagnosis, session, arguments->stale_days);
	} else {
		report_says(report_begin(diagnosis, "database"), OUTCOME_FAILED,
			    "Check CYBERTREATY_DATABASE_URL, and that the server runs.", "%s",
			    err.message);
	}
	doctor_service(diagnosis, &config, newest);
}

int command_doctor(int argc, char **argv)
{
	CLEANUP(report_free) struct report diagnosis = {0};
	CLEANUP(buffer_free) struct buffer out = {0};
	struct arguments arguments = {.stale_days = STALE_DAYS};

	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return usage(stdout, 0);
	if (!read_arguments(&arguments, argc, argv))
		return usage(stderr, 2);
	examine(&diagnosis, &arguments);
	if (arguments.json)
		report_json(&diagnosis, &out);
	else
		report_text(&diagnosis, &out);
	if (out.failed) {
		fputs("cybertreaty: out of memory.\n", stderr);
		return 1;
	}
	if (fputs(out.bytes, stdout) == EOF || fflush(stdout) != 0) {
		fputs("cybertreaty: the report could not be written.\n", stderr);
		return 1;
	}
	return report_status(&diagnosis, arguments.strict);
}
