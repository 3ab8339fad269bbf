#include "base/cleanup.h"
#include "command/import/personal_data.h"
#include "command/doctor/doctor.h"
#include "doctor_statements.h"

#include <stdio.h>
#include <string.h>

#include "base/banned.h"

/* Checks whose statement gives what is amiss: a label and an item in each row. */
static const struct {
	const char *name;
	const struct embedded *statement;
	bool takes_days;
	enum outcome_kind outcome;
	const char *good, *bad, *mend;
} plain[] = {
	{"stale_sources", &doctor_statements_stale_sources, true, OUTCOME_WARNING,
	 "Every source was read recently", "Sources were not read again for long",
	 "Read them again and correct what changed; retrieved_on holds the day."},
	{"entry_into_force", &doctor_statements_entry_into_force, false, OUTCOME_WARNING,
	 "Every recorded day of entry into force agrees with the rule of three months.",
	 "Days of entry into force that the treaty does not give",
	 "Read in the source which day is wrong: that of the consent or that of the entry."},
	{"reservations", &doctor_statements_reservations, false, OUTCOME_WARNING,
	 "Every reservation stands on a provision that allows it, where those are on record.",
	 "Reservations that no provision on record allows",
	 "Read in the source whether kind or articles are wrong; Article 42 names what may be "
	 "reserved."},
	{"sources", &doctor_statements_sources, false, OUTCOME_FAILED,
	 "Every record names a source that is on record.", "Records without a source",
	 "Import the data again, or restore the database with its constraints."},
};

static void add_item(void *context, const struct rows *rows, size_t row)
{
	report_item(context, rows_text(rows, row, 0), rows_text(rows, row, 1));
}

static void check_plain(struct report *diagnosis, struct session *session, size_t number, long days)
{
	struct check *check = report_begin(diagnosis, plain[number].name);
	bool takes_days = plain[number].takes_days;
	char value[24], limit[48] = "";

	snprintf(value, sizeof value, "%ld", days);
	if (!doctor_walk(diagnosis, check, session, plain[number].statement->text,
			 takes_days ? value : NULL, add_item, check))
		return;
	if (takes_days)
		snprintf(limit, sizeof limit, " (limit: %ld days)%s", days,
			 check->count ? "" : ".");
	if (check->count)
		report_says(check, plain[number].outcome, plain[number].mend, "%s%s",
			    plain[number].bad, limit);
	else
		report_says(check, OUTCOME_OK, NULL, "%s%s", plain[number].good, limit);
}

/* True when there are facts, or when that cannot be told. */
static bool check_counts(struct report *diagnosis, struct session *session)
{
	CLEANUP(rows_free) struct rows counts = {0};
	CLEANUP(buffer_free) struct buffer list = {0};
	struct check *check = report_begin(diagnosis, "counts");
	bool any = false;

	if (!doctor_query(diagnosis, check, session, doctor_statements_counts.text, NULL, &counts))
		return true;
	for (size_t i = 0; i < counts.count; i++) {
		const char *relation = rows_text(&counts, i, 0), *rows = rows_text(&counts, i, 1);

		any |= strcmp(relation, "change") != 0 && strcmp(rows, "0") != 0;
		buffer_format(&list, "%s%s %s", i ? ", " : "", relation, rows);
		buffer_format(&check->items, "%s{\"relation\":\"%s\",\"rows\":%s}", i ? "," : "",
			      relation, rows);
	}
	if (list.failed)
		check->says.failed = true;
	else if (strcmp(rows_text(&counts, 0, 1), "0") == 0)
		report_says(check, OUTCOME_WARNING, "Run `cybertreaty import DIR`.",
			    "There is no country: nothing was imported.");
	else
		report_says(check, OUTCOME_OK, NULL, "Rows: %s.", list.bytes);
	return any;
}

/* What was found is named, not repeated: the report may go where the contact must not. */
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

static void look_at_text(void *context, const struct rows *texts, size_t row)
{
	const char *text = rows_text(texts, row, 3);
	const char *what = strcmp(rows_text(texts, row, 2), "url") == 0
				   ? personal_data_in_url(text)
				   : personal_data_in_text(text);

	if (what)
		add_contact(context, texts, row, what);
}

static void check_contacts(struct report *diagnosis, struct session *session)
{
	struct check *check = report_begin(diagnosis, "contacts");

	if (!doctor_walk(diagnosis, check, session, doctor_statements_texts.text, NULL,
			 look_at_text, check))
		return;
	if (check->count)
		report_says(check, OUTCOME_FAILED,
			    "Take them out of the data and import again; what stands in `change` "
			    "stays until the owner of the database takes it out there.",
			    "Texts hold what looks like a way to reach a person");
	else
		report_says(check, OUTCOME_OK, NULL,
			    "No text holds an e-mail address or a telephone number.");
}

void doctor_facts(struct report *diagnosis, struct session *session, long stale_days)
{
	bool any = check_counts(diagnosis, session);

	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
		if (any)
			check_plain(diagnosis, session, i, stale_days);
		else
			report_says(report_begin(diagnosis, plain[i].name), OUTCOME_SKIPPED, NULL,
				    "There is nothing to look at.");
	}
	check_contacts(diagnosis, session);
}
