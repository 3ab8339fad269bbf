#include "command/doctor/check_facts.h"

#include "base/cleanup.h"
#include "command/doctor/check_query.h"
#include "command/import/personal_data.h"
#include "doctor_statements.h"

#include <stdio.h>
#include <string.h>

#include "base/banned.h"

/* Checks whose query returns the findings: a label and a JSON item in each row. */
static const struct {
	const char *name;
	const struct embedded *statement;
	bool takes_days;
	enum outcome_kind outcome;
	const char *good, *bad, *advice;
} plain[] = {
	{"stale_sources", &doctor_statements_stale_sources, true, OUTCOME_WARNING,
	 "Every source was read recently", "Sources were not read for a long time",
	 "Read them again, correct the facts, and set retrieved_on."},
	{"known_until", &doctor_statements_known_until, false, OUTCOME_WARNING,
	 "The acts of every treaty are known up to a day within the last three months.",
	 "Treaties of which newer acts may be missing, so that `bound` may be out of date",
	 "Look for newer acts at the depositary, add them to actions.csv, and set known_until in "
	 "treaties.csv."},
	{"entry_into_force", &doctor_statements_entry_into_force, false, OUTCOME_WARNING,
	 "Every day of entry into force follows the rule of three months.",
	 "Days of entry into force that do not follow from the treaty",
	 "Check in the source which day is wrong: that of the consent or that of the entry."},
	{"reservations", &doctor_statements_reservations, false, OUTCOME_WARNING,
	 "Every reservation rests on a provision that allows it, where provisions are on record.",
	 "Reservations that no provision on record allows",
	 "Check in the source whether kind or articles are wrong; Article 42 lists the possible "
	 "reservations."},
	{"sources", &doctor_statements_sources, false, OUTCOME_FAILED,
	 "Every record has a source that is on record.", "Records without a source",
	 "Import the data again, or restore the database with its constraints."},
};

static void add_item(void *context, const struct rows *rows, size_t row)
{
	report_item(context, rows_text(rows, row, 0), rows_text(rows, row, 1));
}

static void check_plain(struct report *report, struct session *session, size_t number, long days)
{
	struct check *check = report_begin(report, plain[number].name);
	bool takes_days = plain[number].takes_days;
	char value[24], limit[48] = "";

	snprintf(value, sizeof value, "%ld", days);
	if (!check_query_each(report, check, session, plain[number].statement->text,
			      takes_days ? value : NULL, add_item, check))
		return;
	if (takes_days)
		snprintf(limit, sizeof limit, " (limit: %ld days)%s", days,
			 check->count ? "" : ".");
	if (check->count)
		report_result(check, plain[number].outcome, plain[number].advice, "%s%s",
			      plain[number].bad, limit);
	else
		report_result(check, OUTCOME_OK, NULL, "%s%s", plain[number].good, limit);
}

/* Returns false when there are no facts for certain. */
static bool check_counts(struct report *report, struct session *session)
{
	CLEANUP(rows_free) struct rows counts = {0};
	CLEANUP(buffer_free) struct buffer list = {0};
	struct check *check = report_begin(report, "counts");
	bool any = false;

	if (!check_query_rows(report, check, session, doctor_statements_counts.text, NULL, &counts))
		return true;
	for (size_t i = 0; i < counts.count; i++) {
		const char *relation = rows_text(&counts, i, 0), *rows = rows_text(&counts, i, 1);

		any |= strcmp(relation, "change") != 0 && strcmp(rows, "0") != 0;
		buffer_format(&list, "%s%s %s", i ? ", " : "", relation, rows);
		buffer_format(&check->items, "%s{\"relation\":\"%s\",\"rows\":%s}", i ? "," : "",
			      relation, rows);
	}
	if (list.failed)
		check->message.failed = true;
	else if (strcmp(rows_text(&counts, 0, 1), "0") == 0)
		report_result(check, OUTCOME_WARNING, "Run `cybertreaty import DIR`.",
			      "There are no countries: no dataset was imported.");
	else
		report_result(check, OUTCOME_OK, NULL, "Rows: %s.", list.bytes);
	return any;
}

/* Reports where a contact is, but not the contact, which must not spread with the report. */
static void add_contact(struct check *check, const struct rows *texts, size_t row, const char *what)
{
	CLEANUP(buffer_free) struct buffer label = {0};
	CLEANUP(buffer_free) struct buffer json = {0};
	const char *const keys[] = {"relation", "record", "field"};

	buffer_format(&label, "%s in %s of %s %s", what, rows_text(texts, row, 2),
		      rows_text(texts, row, 0), rows_text(texts, row, 1));
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		buffer_format(&json, "%s\"%s\":", i ? "," : "{", keys[i]);
		buffer_json(&json, rows_text(texts, row, i));
	}
	buffer_format(&json, ",\"looks_like\":\"%s\"}", what);
	if (label.failed || json.failed)
		check->items.failed = true;
	else
		report_item(check, label.bytes, json.bytes);
}

static void check_text(void *context, const struct rows *texts, size_t row)
{
	const char *text = rows_text(texts, row, 3);
	const char *what = strcmp(rows_text(texts, row, 2), "url") == 0
				   ? personal_data_in_url(text)
				   : personal_data_in_text(text);

	if (what)
		add_contact(context, texts, row, what);
}

static void check_contacts(struct report *report, struct session *session)
{
	struct check *check = report_begin(report, "contacts");

	if (!check_query_each(report, check, session, doctor_statements_texts.text, NULL,
			      check_text, check))
		return;
	if (check->count)
		report_result(
			check, OUTCOME_FAILED,
			"Remove them from the data and import again. The owner of the database "
			"must remove them from `change`.",
			"Texts seem to contain contact details of persons");
	else
		report_result(check, OUTCOME_OK, NULL,
			      "No text contains an e-mail address or a telephone number.");
}

void check_facts_run(struct report *report, struct session *session, long stale_days)
{
	bool any = check_counts(report, session);

	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
		if (any)
			check_plain(report, session, i, stale_days);
		else
			report_result(report_begin(report, plain[i].name), OUTCOME_SKIPPED, NULL,
				      "There are no facts to check.");
	}
	check_contacts(report, session);
}
