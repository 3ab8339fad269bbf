#include "command/import/dataset_schema.h"

#include <string.h>

#include "base/banned.h"

static const char *const source_kinds[] = {"depositary", "official",  "international_organisation",
					   "copy",	 "secondary", NULL};
static const char *const country_types[] = {"state", "territory", "other", NULL};
static const char *const name_kinds[] = {"official",	 "short",  "alternative",
					 "abbreviation", "former", NULL};
static const char *const organisations[] = {"ASEAN", "CoE", "EU", NULL};
static const char *const effects[] = {"applies", "does_not_apply", NULL};
static const char *const actions[] = {"signature",    "withdrawal_of_signature",
				      "ratification", "accession",
				      "acceptance",   "approval",
				      "succession",   "definitive_signature",
				      "invitation",   "entry_into_force",
				      "denunciation", NULL};
static const char *const statement_kinds[] = {"reservation", "declaration", "communication",
					      "authority",   "territorial", "objection",
					      NULL};
static const char *const text_kinds[] = {"authentic", "official_translation",
					 "unofficial_translation", NULL};
static const char *const authority_roles[] = {"extradition",
					      "mutual_assistance",
					      "network_24_7",
					      "consultation",
					      "orders",
					      "data_protection",
					      NULL};
static const char *const strategy_kinds[] = {
	"cybersecurity_strategy", "cybercrime_strategy", "international_cyber_strategy",
	"digital_strategy",	  "action_plan",	 NULL};
static const char *const strategy_states[] = {"in_force", "superseded", "unknown", NULL};
static const char *const institution_kinds[] = {"ministry",    "agency",	"police",
						"prosecution", "judiciary",	"csirt",
						"regulator",   "contact_point", NULL};
static const char *const tool_kinds[] = {
	"platform",	 "database", "template", "committee",
	"guidance_note", "course",   "guide",	 "training_material",
	"report",	 "project",  NULL};

/* clang-format off */
#define CODE_FORMAT(name, expression, reason) \
	static struct code_format name##_format = {{(expression), 0, {0}, false}, (reason)}

CODE_FORMAT(id, "^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$",
	    "is not an identifier: letters and digits, after the first also '.', '_' and '-'");
CODE_FORMAT(country, "^[A-Z]{2}$", "is not two capital letters");
CODE_FORMAT(alpha3, "^[A-Z]{3}$", "is not three capital letters");
CODE_FORMAT(three_digits, "^[0-9]{3}$", "is not three digits");
/* The data uses two letters where M49 has no code. */
CODE_FORMAT(region, "^([0-9]{3}|[A-Z]{2})$", "is not three digits or two capital letters");
CODE_FORMAT(whole_article, "^[0-9]{1,2}$",
	    "is not a whole article: paragraphs follow from the records that cite them");
CODE_FORMAT(article, "^[0-9]{1,2}(\\.[a-z0-9]+)*$",
	    "is not an article: one or two digits, then parts after dots, as in 29.4");
CODE_FORMAT(year, "^[0-9]{4}$", "is not a year of four digits");
CODE_FORMAT(language, "^[a-z]{2,3}$", "is not a language code of two or three letters");

#define FIELDS(...) (const struct dataset_field[]){__VA_ARGS__, {0}}
#define ID(field) FORMAT(field, NEEDED, id)
#define TEXT(field, how) {.name = (field), .type = FIELD_TEXT, .presence = (how)}
#define DATE(field, how) {.name = (field), .type = FIELD_DATE, .presence = (how)}
#define URL(how) {.name = "url", .type = FIELD_URL, .presence = (how)}
#define BOOLEAN(field, how) {.name = (field), .type = FIELD_BOOLEAN, .presence = (how)}
#define FORMAT(field, how, like) \
	{.name = (field), .type = FIELD_CODE, .presence = (how), .format = &like##_format}
#define CODES(field, like) \
	{.name = (field), .type = FIELD_CODE, .presence = NULLABLE, .list = true, \
	 .format = &like##_format}
#define WORD(field, how, set) \
	{.name = (field), .type = FIELD_WORD, .presence = (how), .words = (set)}
#define PARTS(field, of) \
	{.name = (field), .type = FIELD_PARTS, .presence = NULLABLE, .parts = (of)}
#define NUMBER(field) {.name = (field), .type = FIELD_NUMBER}
#define SOURCE_ID FORMAT("source", NEEDED, id)
/* A period; its columns are not the words of SQL. */
#define FROM(how, staged) {.name = "from", .type = FIELD_DATE, .presence = (how), .column = (staged)}
#define TO(staged) {.name = "to", .type = FIELD_DATE, .presence = NULLABLE, .column = (staged)}

static const struct relation source = {SOURCE, "source", 1, FIELDS(
	ID("id"),
	URL(NEEDED),
	TEXT("title", NULLABLE),
	TEXT("publisher", NULLABLE),
	WORD("kind", NULLABLE, source_kinds),
	DATE("as_of", NULLABLE),
	DATE("retrieved_on", NEEDED))};

static const struct relation country = {COUNTRY, "country", 1, FIELDS(
	FORMAT("code", NEEDED, country),
	FORMAT("alpha3", NEEDED, alpha3),
	FORMAT("numeric", NEEDED, three_digits),
	TEXT("name_en", NEEDED), TEXT("name_fr", NULLABLE),
	TEXT("official_name_en", NULLABLE), TEXT("official_name_fr", OPTIONAL),
	FORMAT("region_code", NULLABLE, region),
	TEXT("region_en", NULLABLE), TEXT("region_fr", NULLABLE),
	FORMAT("subregion_code", NULLABLE, region),
	TEXT("subregion_en", NULLABLE), TEXT("subregion_fr", NULLABLE),
	FORMAT("intermediate_region_code", NULLABLE, region),
	TEXT("intermediate_region_en", NULLABLE), TEXT("intermediate_region_fr", NULLABLE),
	WORD("type", NEEDED, country_types),
	FORMAT("responsible_state", NULLABLE, country),
	BOOLEAN("un_member", NULLABLE),
	SOURCE_ID)};

static const struct relation country_name = {COUNTRY_NAME, "country_name", 4, FIELDS(
	FORMAT("country", NEEDED, country),
	TEXT("name", NEEDED),
	FORMAT("lang", NEEDED, language),
	WORD("kind", NEEDED, name_kinds),
	FROM(NULLABLE, "name_from"), TO("name_to"),
	SOURCE_ID)};

static const struct relation membership = {MEMBERSHIP, "membership", 3, FIELDS(
	WORD("organisation", NEEDED, organisations),
	FORMAT("country", NEEDED, country),
	FROM(NEEDED, "member_from"), TO("member_to"),
	TEXT("note", NULLABLE),
	SOURCE_ID)};

static const struct relation treaty = {TREATY, "treaty", 1, FIELDS(
	FORMAT("number", NEEDED, three_digits),
	TEXT("ets_ref", NEEDED),
	TEXT("title_en", NEEDED), TEXT("title_fr", NULLABLE),
	TEXT("place_opened", NULLABLE),
	DATE("opened_on", NEEDED),
	DATE("entered_into_force_on", NULLABLE),
	URL(NULLABLE),
	BOOLEAN("consents_complete", NEEDED),
	BOOLEAN("signatures_complete", NEEDED),
	BOOLEAN("invitations_complete", NEEDED),
	DATE("known_until", NULLABLE),
	SOURCE_ID)};

static const struct relation article = {ARTICLE, "article", 2, FIELDS(
	FORMAT("treaty", NEEDED, three_digits),
	FORMAT("article", NEEDED, whole_article),
	TEXT("title_en", NULLABLE), TEXT("title_fr", NULLABLE),
	TEXT("chapter", NULLABLE),
	TEXT("section", NULLABLE),
	SOURCE_ID)};

static const struct relation article_summary = {ARTICLE_SUMMARY, "article_summary", 2, FIELDS(
	FORMAT("treaty", NEEDED, three_digits),
	FORMAT("article", NEEDED, article),
	TEXT("summary_en", NULLABLE), TEXT("summary_fr", NULLABLE))};

static const struct relation article_text = {ARTICLE_TEXT, "article_text", 3, FIELDS(
	FORMAT("treaty", NEEDED, three_digits),
	FORMAT("article", NEEDED, article),
	FORMAT("lang", NEEDED, language),
	WORD("kind", NULLABLE, text_kinds),
	TEXT("text", NEEDED),
	SOURCE_ID)};

static const struct relation action = {ACTION, "action", 1, FIELDS(
	ID("id"),
	FORMAT("country", NEEDED, country),
	FORMAT("treaty", NEEDED, three_digits),
	WORD("action", NEEDED, actions),
	DATE("date", NULLABLE),
	{.name = "note", .presence = NULLABLE, .column = "note_en"},
	TEXT("note_fr", OPTIONAL),
	SOURCE_ID)};

static const struct relation statement = {STATEMENT, "statement", 1, FIELDS(
	ID("id"),
	FORMAT("country", NEEDED, country),
	FORMAT("treaty", NEEDED, three_digits),
	WORD("kind", NEEDED, statement_kinds),
	CODES("articles", article),
	DATE("made_on", NULLABLE),
	DATE("effective_from", NULLABLE),
	DATE("withdrawn_on", NULLABLE),
	CODES("superseded_by", id),
	CODES("territories", country),
	TEXT("summary_en", NEEDED), TEXT("summary_fr", OPTIONAL),
	FORMAT("wording_source", NULLABLE, id),
	FORMAT("wording_lang", NULLABLE, language),
	FORMAT("dates_source", NULLABLE, id),
	SOURCE_ID)};

static const struct relation statement_text = {STATEMENT_TEXT, "statement_text", 1, FIELDS(
	ID("id"),
	TEXT("text", NEEDED),
	FORMAT("text_lang", NEEDED, language),
	WORD("text_kind", NULLABLE, text_kinds),
	SOURCE_ID)};

static const struct relation statement_register = {STATEMENT_REGISTER, "statement_register", 1, FIELDS(
	ID("id"),
	FORMAT("country", NEEDED, country),
	FORMAT("treaty", NEEDED, three_digits),
	BOOLEAN("complete", NEEDED),
	DATE("as_of", NULLABLE),
	TEXT("note", NULLABLE),
	SOURCE_ID)};

static const struct relation territory_effect = {TERRITORY_EFFECT, "territory_effect", 1, FIELDS(
	ID("id"),
	FORMAT("territory", NEEDED, country),
	FORMAT("treaty", NEEDED, three_digits),
	WORD("effect", NEEDED, effects),
	FROM(NEEDED, "effect_from"),
	FORMAT("statement", NEEDED, id),
	{.name = "note", .presence = NULLABLE, .column = "note_en"},
	TEXT("note_fr", OPTIONAL),
	SOURCE_ID)};

static const struct relation authority = {AUTHORITY, "authority", 1, FIELDS(
	ID("id"),
	FORMAT("country", NEEDED, country),
	FORMAT("treaty", NEEDED, three_digits),
	FORMAT("article", NEEDED, article),
	WORD("role", NEEDED, authority_roles),
	TEXT("name", NEEDED),
	TEXT("place", NULLABLE),
	URL(NULLABLE),
	FORMAT("statement", NULLABLE, id),
	SOURCE_ID)};

static const struct relation goal = {STRATEGY_GOAL, "strategy_goal", 1, FIELDS(
	NUMBER("position"),
	TEXT("text_en", NEEDED), TEXT("text_fr", OPTIONAL))};

static const struct relation priority = {STRATEGY_PRIORITY, "strategy_priority", 1, FIELDS(
	NUMBER("position"),
	TEXT("title_en", NEEDED), TEXT("title_fr", OPTIONAL),
	PARTS("goals", &goal))};

static const struct relation document = {STRATEGY_DOCUMENT, "strategy_document", 1, FIELDS(
	TEXT("title", NEEDED),
	URL(NEEDED),
	FORMAT("lang", NULLABLE, language))};

static const struct relation period = {NO_RELATION, "period", 1, FIELDS(
	{.name = "from", .type = FIELD_CODE, .presence = NULLABLE, .column = "period_from",
	 .format = &year_format},
	{.name = "to", .type = FIELD_CODE, .presence = NULLABLE, .column = "period_to",
	 .format = &year_format})};

static const struct relation strategy = {STRATEGY, "strategy", 1, FIELDS(
	ID("id"),
	TEXT("title_en", NEEDED), TEXT("title_fr", OPTIONAL), TEXT("title_original", NULLABLE),
	WORD("kind", NEEDED, strategy_kinds),
	{.name = "issued_by", .presence = NULLABLE, .list = true},
	DATE("adopted_on", NULLABLE),
	{.name = "period", .type = FIELD_GROUP, .parts = &period},
	WORD("status", NEEDED, strategy_states),
	FORMAT("supersedes", NULLABLE, id),
	TEXT("summary_en", NULLABLE), TEXT("summary_fr", OPTIONAL),
	PARTS("priorities", &priority),
	PARTS("documents", &document),
	SOURCE_ID)};

static const struct relation institution = {INSTITUTION, "institution", 1, FIELDS(
	ID("id"),
	TEXT("name_en", NEEDED), TEXT("name_fr", OPTIONAL), TEXT("name_original", NULLABLE),
	WORD("kind", NEEDED, institution_kinds),
	TEXT("role_en", NULLABLE), TEXT("role_fr", OPTIONAL),
	URL(NULLABLE),
	SOURCE_ID)};

static const struct relation court_case = {COURT_CASE, "court_case", 1, FIELDS(
	ID("id"),
	TEXT("title", NULLABLE),
	TEXT("court", NULLABLE),
	DATE("decided_on", NULLABLE),
	TEXT("citation", NULLABLE),
	TEXT("summary_en", NULLABLE), TEXT("summary_fr", OPTIONAL),
	CODES("articles", article),
	URL(NULLABLE),
	SOURCE_ID)};

static const struct relation legal_provision = {LEGAL_PROVISION, "legal_provision", 1, FIELDS(
	ID("id"),
	FORMAT("convention_article", NEEDED, article),
	TEXT("law_title", NEEDED),
	TEXT("provision", NULLABLE),
	TEXT("note_en", NULLABLE), TEXT("note_fr", OPTIONAL),
	URL(NULLABLE),
	SOURCE_ID)};

static const struct relation reference = {REFERENCE, "reference", 1, FIELDS(
	ID("id"),
	TEXT("title", NEEDED),
	URL(NEEDED),
	SOURCE_ID)};

static const struct relation profile = {PROFILE, "profile", 1, FIELDS(
	FORMAT("country", NEEDED, country),
	PARTS("strategies", &strategy),
	PARTS("institutions", &institution),
	PARTS("case_law", &court_case),
	PARTS("legal_provisions", &legal_provision),
	PARTS("references", &reference))};

static const struct relation tool = {TOOL, "tool", 1, FIELDS(
	ID("id"),
	TEXT("title", NEEDED),
	WORD("kind", NEEDED, tool_kinds),
	TEXT("summary_en", NULLABLE), TEXT("summary_fr", OPTIONAL),
	URL(NEEDED),
	SOURCE_ID)};
/* clang-format on */

const struct relation *const dataset_schema_relations[RELATIONS] = {
	[SOURCE] = &source,
	[COUNTRY] = &country,
	[COUNTRY_NAME] = &country_name,
	[MEMBERSHIP] = &membership,
	[TREATY] = &treaty,
	[ARTICLE] = &article,
	[ARTICLE_SUMMARY] = &article_summary,
	[ARTICLE_TEXT] = &article_text,
	[ACTION] = &action,
	[STATEMENT] = &statement,
	[STATEMENT_TEXT] = &statement_text,
	[STATEMENT_REGISTER] = &statement_register,
	[TERRITORY_EFFECT] = &territory_effect,
	[AUTHORITY] = &authority,
	[PROFILE] = &profile,
	[STRATEGY] = &strategy,
	[STRATEGY_PRIORITY] = &priority,
	[STRATEGY_GOAL] = &goal,
	[STRATEGY_DOCUMENT] = &document,
	[INSTITUTION] = &institution,
	[COURT_CASE] = &court_case,
	[LEGAL_PROVISION] = &legal_provision,
	[REFERENCE] = &reference,
	[TOOL] = &tool,
};

const struct csv_file dataset_schema_csv_files[] = {
	{"sources.csv", SOURCE, false},
	{"countries.csv", COUNTRY, false},
	{"country_names.csv", COUNTRY_NAME, false},
	{"memberships.csv", MEMBERSHIP, false},
	{"treaties.csv", TREATY, false},
	{"articles.csv", ARTICLE, false},
	{"article_summaries.csv", ARTICLE_SUMMARY, false},
	{"article_texts.csv", ARTICLE_TEXT, true},
	{"actions.csv", ACTION, false},
	{"statements.csv", STATEMENT, false},
	{"statement_texts.csv", STATEMENT_TEXT, true},
	{"statement_registers.csv", STATEMENT_REGISTER, false},
	{"territory_effects.csv", TERRITORY_EFFECT, false},
	{"authorities.csv", AUTHORITY, false},
	{NULL, RELATIONS, false},
};

size_t dataset_schema_field(const struct relation *relation, const char *name)
{
	for (size_t i = 0; relation->fields[i].name; i++)
		if (strcmp(relation->fields[i].name, name) == 0)
			return i;
	return NO_FIELD;
}
