#include "api/documents.h"

#include "statements.h"

#include <string.h>

#include "base/banned.h"

/* Tables, aligned by hand. */
/* clang-format off */

/* One line a resource: its relation, file, identifier and sort keys, the default first. */
#define BY_TEXT(column)	  {.name = column, .kind = SORT_TEXT}
#define BY_NAME(column)	  {.name = column, .kind = SORT_NAME}
#define BY_DATE(column)	  {.name = column, .kind = SORT_DATE}
#define NEWEST(column)	  {.name = column, .kind = SORT_DATE, .descending = true}
#define BY_NUMBER(column) {.name = column, .kind = SORT_NUMBER}
#define BY_ARTICLE	  {.name = "article", .kind = SORT_TEXT, .value = "article_order(q.article)"}

/* Columns that are dates, by which lists are filtered. */
#define DATES(...)	  .dates = (const char *const[]){__VA_ARGS__, NULL}

/* `include=` embeds the rows q of another document that belong to the row `around` them. */
#define INCLUDES(...)	  .includes = (const struct include[]){__VA_ARGS__, {0}}
#define ONE(name, of, on) {name, &(of), SECTION_RECORD, on}
#define ALL(name, of, on) {name, &(of), SECTION_LIST, on}
#define ITS_COUNTRY	  ONE("country", document_countries, "q.code = around.country")

const struct document document_countries = {
	.relation = "country", .sql = &statements_country, .key = "q.code",
	/* One object for all rows, so that the names are compared once. */
	.rank = "(SELECT jsonb_object_agg(r.country, r.rank) "
		"FROM country_ranks($q::text) AS r) ->> q.code",
	.sorts = {BY_TEXT("code"), BY_NAME("name"), BY_TEXT("updated_at")},
	DATES("next_change_on"),
	INCLUDES(ALL("status", document_status, "q.country = around.code"),
		 ALL("actions", document_actions, "q.country = around.code")),
	.legal_time = true, .whole = true, .revised = true,
};
const struct document document_status = {
	.relation = "status", .sql = &statements_status, .key = "(q.country || '-' || q.treaty)",
	.identifier = "country,treaty",
	/* The condition on country reaches the acts. */
	.found = "q.country = split_part($key, '-', 1) AND q.country || '-' || q.treaty = $key",
	.spelled = "$key = split_part($key, '-', 1) || '-' || q.treaty AND q.country IN "
		   "(SELECT c.code FROM country AS c WHERE upper(split_part($key, '-', 1)) IN "
		   "(c.code, c.alpha3, c.numeric, country_alias(c.code)))",
	.sorts = {BY_TEXT("country"), BY_NAME("country_name"), BY_DATE("in_force_on"), BY_TEXT("updated_at")},
	DATES("invited_on", "signed_on", "consented_on", "in_force_on", "denounced_on",
	      "known_until", "next_change_on", "statements_complete_as_of"),
	INCLUDES(ITS_COUNTRY, ALL("actions", document_actions,
				  "q.country = around.country AND q.treaty = around.treaty")),
	.legal_time = true, .whole = true, .revised = true,
};
const struct document document_treaties = {
	.relation = "treaty", .sql = &statements_treaty, .key = "q.number",
	.sorts = {BY_TEXT("number"), BY_DATE("opened_on"), BY_TEXT("updated_at")},
	DATES("opened_on", "entered_into_force_on", "known_until", "next_change_on"),
	INCLUDES(ALL("articles", document_articles, "q.treaty = around.number")),
	.legal_time = true, .revised = true,
};
const struct document document_articles = {
	.relation = "article", .sql = &statements_article, .key = "q.article",
	.identifier = "treaty,article",
	.sorts = {BY_ARTICLE, BY_TEXT("updated_at")},
	.revised = true,
};
const struct document document_actions = {
	.relation = "action", .sql = &statements_action, .key = "q.id",
	.sorts = {BY_DATE("date"), BY_TEXT("id"), BY_TEXT("country"), BY_TEXT("updated_at")},
	DATES("date", "verified_on"),
	INCLUDES(ITS_COUNTRY),
	.revised = true,
};

#define STATEMENTS                                                                                 \
	.relation = "statement", .sql = &statements_statement, .key = "q.id",                      \
	.sorts = {BY_TEXT("id"), BY_DATE("made_on"), BY_DATE("effective_from"), BY_TEXT("country"),\
		  BY_TEXT("updated_at")},                                                        \
	DATES("made_on", "effective_from", "withdrawn_on", "next_change_on", "verified_on"),          \
	INCLUDES(ITS_COUNTRY, ALL("authorities", document_authorities, "q.statement = around.id"),          \
		 ALL("superseded_by", document_statements, "q.id = ANY (around.superseded_by)"),        \
		 ALL("articles", document_articles, "q.treaty = around.treaty AND q.article IN "            \
		     "(SELECT n.article FROM statement_article AS n WHERE n.statement_id = around.id)")), \
	.legal_time = true, .revised = true

const struct document document_statements = {STATEMENTS};
const struct document document_reservations = {STATEMENTS, .fixed = {{"kind", "reservation"}}};
/* What the Treaty Office calls so. */
const struct document document_declarations = {
	STATEMENTS, .fixed = {{"kind", "authority,communication,declaration,territorial"}}};
const struct document document_authorities = {
	.relation = "authority", .sql = &statements_authority, .key = "q.id",
	.sorts = {BY_TEXT("id"), BY_NAME("name"), BY_TEXT("country"), BY_TEXT("updated_at")},
	DATES("made_on", "effective_from", "withdrawn_on", "next_change_on", "verified_on"),
	INCLUDES(ITS_COUNTRY, ONE("statement", document_statements, "q.id = around.statement"),
		 ONE("article", document_articles, "q.treaty = around.treaty AND q.article = around.article")),
	.legal_time = true, .revised = true,
};
const struct document document_strategies = {
	.relation = "strategy", .sql = &statements_strategy, .key = "q.id",
	.sorts = {NEWEST("adopted_on"), BY_TEXT("id"), BY_TEXT("country"), BY_TEXT("updated_at")},
	DATES("adopted_on", "verified_on"),
	INCLUDES(ITS_COUNTRY,
		 ONE("supersedes", document_strategies, "q.id = around.supersedes")),
	.revised = true,
};
const struct document document_institutions = {
	.relation = "institution", .sql = &statements_institution, .key = "q.id",
	.sorts = {BY_TEXT("id"), BY_NAME("name"), BY_TEXT("country"), BY_TEXT("updated_at")},
	DATES("verified_on"),
	INCLUDES(ITS_COUNTRY),
	.revised = true,
};
const struct document document_case_law = {
	.relation = "court_case", .sql = &statements_court_case, .key = "q.id",
	.sorts = {NEWEST("decided_on"), BY_TEXT("id"), BY_TEXT("country"), BY_TEXT("updated_at")},
	DATES("decided_on", "verified_on"),
	INCLUDES(ITS_COUNTRY,
		 ALL("articles", document_articles, "(q.treaty, q.article) IN (SELECT n.treaty, n.article "
		     "FROM court_case_article AS n WHERE n.court_case_id = around.id)")),
	.revised = true,
};
const struct document document_legal_provisions = {
	.relation = "legal_provision", .sql = &statements_legal_provision, .key = "q.id",
	.sorts = {BY_TEXT("id"), BY_ARTICLE, BY_TEXT("country"), BY_TEXT("updated_at")},
	DATES("verified_on"),
	INCLUDES(ITS_COUNTRY,
		 ONE("article", document_articles, "q.treaty = around.treaty AND q.article = around.article")),
	.revised = true,
};
const struct document document_legal_profile = {
	.relation = "legal_provision", .sql = &statements_legal_provision, .key = "q.id",
	.sorts = {BY_ARTICLE, BY_TEXT("id"), BY_TEXT("updated_at")},
	DATES("verified_on"),
	INCLUDES(ITS_COUNTRY,
		 ONE("article", document_articles, "q.treaty = around.treaty AND q.article = around.article")),
	.revised = true,
};
const struct document document_references = {
	.relation = "reference", .sql = &statements_reference, .key = "q.id",
	.sorts = {BY_TEXT("id"), BY_NAME("title"), BY_TEXT("country"), BY_TEXT("updated_at")},
	DATES("verified_on"),
	INCLUDES(ITS_COUNTRY),
	.revised = true,
};
const struct document document_tools = {
	.relation = "tool", .sql = &statements_tool, .key = "q.id",
	.sorts = {BY_TEXT("id"), BY_NAME("title"), BY_TEXT("updated_at")},
	DATES("verified_on"),
	.revised = true,
};
const struct document document_sources = {
	.relation = "source", .sql = &statements_source, .key = "q.id",
	.sorts = {BY_TEXT("id"), BY_DATE("as_of"), BY_DATE("retrieved_on"), BY_TEXT("updated_at")},
	DATES("as_of", "retrieved_on"),
	.revised = true,
};
const struct document document_changes = {
	.relation = "change", .sql = &statements_change, .key = "q.id", .tie = "q.ordinal",
	.found = "(q.revision, q.ordinal) = "
		 "(split_part($key, '-', 1)::bigint, split_part($key, '-', 2)::integer)",
	/* Times never decrease while revisions increase, so this is a range of one index. */
	.since = "q.revision >= (SELECT r.revision FROM change AS r "
		 "WHERE r.recorded_at >= $updated_since::text::timestamptz "
		 "ORDER BY r.recorded_at, r.revision LIMIT 1)",
	.sorts = {BY_NUMBER("revision")},
	.revised = true, .feed = true,
};
static const struct document disclaimer = {.sql = &statements_disclaimer};
static const struct document contribute = {.sql = &statements_contribute};

const struct document document_profile = {
	.relation = "profile",
	.sections = (const struct section[]){
		{"country", &document_countries, SECTION_RECORD},
		{"status", &document_status, SECTION_LIST},
		{"statements", &document_statements, SECTION_LIST},
		{"authorities", &document_authorities, SECTION_LIST},
		{"strategies", &document_strategies, SECTION_LIST},
		{"institutions", &document_institutions, SECTION_LIST},
		{"case_law", &document_case_law, SECTION_LIST},
		{"legal_profile", &document_legal_profile, SECTION_LIST},
		{"tools", &document_tools, SECTION_LIST},
		{"references", &document_references, SECTION_LIST},
		{"disclaimer", &disclaimer, SECTION_RECORD},
		{"contribute", &contribute, SECTION_RECORD},
		{0},
	},
	.legal_time = true,
};

static const struct document dataset = {.sql = &statements_dataset};
static const struct document addresses = {.sql = &statements_addresses};

const struct document document_entry = {
	.relation = "entry",
	.sections = (const struct section[]){
		{"dataset", &dataset, SECTION_RECORD},
		{"disclaimer", &disclaimer, SECTION_RECORD},
		{"contribute", &contribute, SECTION_RECORD},
		{"links", &addresses, SECTION_VALUE},
		{0},
	},
};

const struct document document_export = {
	.relation = "export",
	.sections = (const struct section[]){
		{"dataset", &dataset, SECTION_RECORD},
		{"disclaimer", &disclaimer, SECTION_RECORD},
		{"countries", &document_countries, SECTION_LIST},
		{"status", &document_status, SECTION_LIST},
		{"treaties", &document_treaties, SECTION_LIST},
		{"articles", &document_articles, SECTION_LIST},
		{"actions", &document_actions, SECTION_LIST},
		{"statements", &document_statements, SECTION_LIST},
		{"authorities", &document_authorities, SECTION_LIST},
		{"strategies", &document_strategies, SECTION_LIST},
		{"institutions", &document_institutions, SECTION_LIST},
		{"case_law", &document_case_law, SECTION_LIST},
		{"legal_provisions", &document_legal_provisions, SECTION_LIST},
		{"references", &document_references, SECTION_LIST},
		{"tools", &document_tools, SECTION_LIST},
		{"sources", &document_sources, SECTION_LIST},
		{0},
	},
	.legal_time = true, .lines = true,
};

const struct document *const documents[] = {
	&document_countries, &document_status, &document_treaties, &document_articles, &document_actions,
	&document_statements, &document_reservations, &document_declarations, &document_authorities,
	&document_strategies, &document_institutions, &document_case_law, &document_legal_provisions,
	&document_legal_profile, &document_references, &document_tools, &document_sources,
	&document_changes, &document_profile, &document_entry, &document_export, NULL,
};
/* clang-format on */

const char *documents_identifier(const struct document *document)
{
	if (document->identifier)
		return document->identifier;
	return document->key ? document->key + strlen("q.") : "links";
}

bool documents_name_listed(const char *names, const char *name)
{
	size_t length = strlen(name);

	while (*names) {
		size_t part = strcspn(names, ",");

		if (part == length && strncmp(names, name, length) == 0)
			return true;
		names += part + (names[part] == ',');
	}
	return false;
}

bool documents_legal_time(const struct document *document, const char *includes)
{
	bool legal_time = document->legal_time;

	for (const struct include *include = document->includes;
	     includes && include && include->name; include++)
		legal_time |= include->document->legal_time &&
			      documents_name_listed(includes, include->name);
	return legal_time;
}
