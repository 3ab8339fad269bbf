#include "command/import/import.h"

#include "base/banned.h"

static const char *const actions[] = {"signature",  "ratification",	"accession",
				      "acceptance", "approval",		"definitive_signature",
				      "invitation", "entry_into_force", "denunciation",
				      NULL};
static const char *const statement_kinds[] = {"reservation", "declaration", "communication",
					      "authority",   "territorial", "objection",
					      NULL};
static const char *const text_kinds[] = {"authentic", "official_translation",
					 "unofficial_translation", NULL};
static const char *const authority_roles[] = {"extradition", "mutual_assistance", "network_24_7",
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

#define ID(field)                                                                                  \
	{                                                                                          \
		.name = (field), .type = FIELD_FORM, .form = &id_form                              \
	}
#define TEXT(field, how)                                                                           \
	{                                                                                          \
		.name = (field), .type = FIELD_TEXT, .presence = (how)                             \
	}
#define DATE(field, how)                                                                           \
	{                                                                                          \
		.name = (field), .type = FIELD_DATE, .presence = (how)                             \
	}
#define URL(how)                                                                                   \
	{                                                                                          \
		.name = "url", .type = FIELD_URL, .presence = (how)                                \
	}
#define FORM(field, how, like)                                                                     \
	{                                                                                          \
		.name = (field), .type = FIELD_FORM, .presence = (how), .form = (like)             \
	}
#define WORD(field, how, set)                                                                      \
	{                                                                                          \
		.name = (field), .type = FIELD_WORD, .presence = (how), .words = (set)             \
	}
#define PARTS(field, of)                                                                           \
	{                                                                                          \
		.name = (field), .type = FIELD_PARTS, .presence = NULLABLE, .parts = (of)          \
	}
#define NUMBER(field)                                                                              \
	{                                                                                          \
		.name = (field), .type = FIELD_NUMBER                                              \
	}
#define SOURCE_ID                                                                                  \
	{                                                                                          \
		.name = "source", .type = FIELD_FORM, .form = &id_form                             \
	}

static const struct relation source = {SOURCE, "source", 1,
				       (const struct field[]){ID("id"),
							      URL(NEEDED),
							      TEXT("title", NULLABLE),
							      TEXT("publisher", NULLABLE),
							      DATE("as_of", NULLABLE),
							      DATE("retrieved_on", NEEDED),
							      {0}}};

static const struct relation country = {
	COUNTRY, "country", 1,
	(const struct field[]){FORM("code", NEEDED, &code_form),
			       FORM("alpha3", NEEDED, &alpha3_form),
			       FORM("numeric", NEEDED, &three_digits),
			       TEXT("name_en", NEEDED),
			       TEXT("name_fr", NULLABLE),
			       TEXT("official_name_en", NULLABLE),
			       TEXT("official_name_fr", OPTIONAL),
			       FORM("region_code", NULLABLE, &region_form),
			       TEXT("region_en", NULLABLE),
			       TEXT("region_fr", NULLABLE),
			       FORM("subregion_code", NULLABLE, &region_form),
			       TEXT("subregion_en", NULLABLE),
			       TEXT("subregion_fr", NULLABLE),
			       {.name = "coe_member", .type = FIELD_BOOLEAN, .presence = NULLABLE},
			       SOURCE_ID,
			       {0}}};

static const struct relation treaty = {
	TREATY, "treaty", 1,
	(const struct field[]){FORM("number", NEEDED, &three_digits),
			       TEXT("ets_ref", NEEDED),
			       TEXT("title_en", NEEDED),
			       TEXT("title_fr", NULLABLE),
			       TEXT("place_opened", NULLABLE),
			       DATE("opened_on", NEEDED),
			       DATE("entered_into_force_on", NULLABLE),
			       URL(NULLABLE),
			       {.name = "acts_complete", .type = FIELD_BOOLEAN},
			       SOURCE_ID,
			       {0}}};

static const struct relation article = {
	ARTICLE, "article", 2,
	(const struct field[]){FORM("treaty", NEEDED, &three_digits),
			       FORM("article", NEEDED, &whole_article_form),
			       TEXT("title_en", NULLABLE),
			       TEXT("title_fr", NULLABLE),
			       TEXT("chapter", NULLABLE),
			       TEXT("section", NULLABLE),
			       SOURCE_ID,
			       {0}}};

static const struct relation action = {
	ACTION, "action", 1,
	(const struct field[]){ID("id"),
			       FORM("country", NEEDED, &code_form),
			       FORM("treaty", NEEDED, &three_digits),
			       WORD("action", NEEDED, actions),
			       DATE("date", NULLABLE),
			       {.name = "note", .presence = NULLABLE, .column = "note_en"},
			       TEXT("note_fr", OPTIONAL),
			       SOURCE_ID,
			       {0}}};

static const struct relation statement = {
	STATEMENT, "statement", 1,
	(const struct field[]){ID("id"),
			       FORM("country", NEEDED, &code_form),
			       FORM("treaty", NEEDED, &three_digits),
			       WORD("kind", NEEDED, statement_kinds),
			       {.name = "articles",
				.type = FIELD_FORM,
				.presence = NULLABLE,
				.list = true,
				.form = &article_form},
			       DATE("made_on", NULLABLE),
			       DATE("effective_from", NULLABLE),
			       DATE("withdrawn_on", NULLABLE),
			       {.name = "superseded_by",
				.type = FIELD_FORM,
				.presence = NULLABLE,
				.list = true,
				.form = &id_form},
			       {.name = "territories",
				.type = FIELD_FORM,
				.presence = NULLABLE,
				.list = true,
				.form = &code_form},
			       TEXT("summary_en", NEEDED),
			       TEXT("summary_fr", OPTIONAL),
			       TEXT("text", OPTIONAL),
			       FORM("text_lang", OPTIONAL, &language_form),
			       WORD("text_kind", OPTIONAL, text_kinds),
			       SOURCE_ID,
			       {0}}};

static const struct relation authority = {
	AUTHORITY, "authority", 1,
	(const struct field[]){ID("id"),
			       FORM("country", NEEDED, &code_form),
			       FORM("treaty", NEEDED, &three_digits),
			       FORM("article", NEEDED, &article_form),
			       WORD("role", NEEDED, authority_roles),
			       TEXT("name", NEEDED),
			       TEXT("place", NULLABLE),
			       URL(NULLABLE),
			       FORM("statement", NULLABLE, &id_form),
			       SOURCE_ID,
			       {0}}};

static const struct relation goal = {
	STRATEGY_GOAL, "strategy_goal", 1,
	(const struct field[]){
		NUMBER("position"), TEXT("text_en", NEEDED), TEXT("text_fr", OPTIONAL), {0}}};

static const struct relation priority = {STRATEGY_PRIORITY, "strategy_priority", 1,
					 (const struct field[]){NUMBER("position"),
								TEXT("title_en", NEEDED),
								TEXT("title_fr", OPTIONAL),
								PARTS("goals", &goal),
								{0}}};

static const struct relation document = {
	STRATEGY_DOCUMENT, "strategy_document", 1,
	(const struct field[]){
		TEXT("title", NEEDED), URL(NEEDED), FORM("lang", NULLABLE, &language_form), {0}}};

static const struct relation period = {NO_RELATION, "period", 1,
				       (const struct field[]){{.name = "from",
							       .type = FIELD_FORM,
							       .presence = NULLABLE,
							       .column = "period_from",
							       .form = &year_form},
							      {.name = "to",
							       .type = FIELD_FORM,
							       .presence = NULLABLE,
							       .column = "period_to",
							       .form = &year_form},
							      {0}}};

static const struct relation strategy = {
	STRATEGY, "strategy", 1,
	(const struct field[]){ID("id"),
			       TEXT("title_en", NEEDED),
			       TEXT("title_fr", OPTIONAL),
			       TEXT("title_original", NULLABLE),
			       WORD("kind", NEEDED, strategy_kinds),
			       {.name = "issued_by", .presence = NULLABLE, .list = true},
			       DATE("adopted_on", NULLABLE),
			       {.name = "period", .type = FIELD_GROUP, .parts = &period},
			       WORD("status", NEEDED, strategy_states),
			       FORM("supersedes", NULLABLE, &id_form),
			       TEXT("summary_en", NULLABLE),
			       TEXT("summary_fr", OPTIONAL),
			       PARTS("priorities", &priority),
			       PARTS("documents", &document),
			       SOURCE_ID,
			       {0}}};

static const struct relation institution = {
	INSTITUTION, "institution", 1,
	(const struct field[]){ID("id"),
			       TEXT("name_en", NEEDED),
			       TEXT("name_fr", OPTIONAL),
			       TEXT("name_original", NULLABLE),
			       WORD("kind", NEEDED, institution_kinds),
			       TEXT("role_en", NULLABLE),
			       TEXT("role_fr", OPTIONAL),
			       URL(NULLABLE),
			       SOURCE_ID,
			       {0}}};

static const struct relation court_case = {COURT_CASE, "court_case", 1,
					   (const struct field[]){ID("id"),
								  TEXT("title", NULLABLE),
								  TEXT("court", NULLABLE),
								  DATE("decided_on", NULLABLE),
								  TEXT("citation", NULLABLE),
								  TEXT("summary_en", NULLABLE),
								  TEXT("summary_fr", OPTIONAL),
								  {.name = "articles",
								   .type = FIELD_FORM,
								   .presence = NULLABLE,
								   .list = true,
								   .form = &article_form},
								  URL(NULLABLE),
								  SOURCE_ID,
								  {0}}};

static const struct relation legal_provision = {
	LEGAL_PROVISION, "legal_provision", 1,
	(const struct field[]){ID("id"),
			       FORM("convention_article", NEEDED, &article_form),
			       TEXT("law_title", NEEDED),
			       TEXT("provision", NULLABLE),
			       TEXT("note_en", NULLABLE),
			       TEXT("note_fr", OPTIONAL),
			       URL(NULLABLE),
			       SOURCE_ID,
			       {0}}};

static const struct relation reference = {
	REFERENCE, "reference", 1,
	(const struct field[]){ID("id"), TEXT("title", NEEDED), URL(NEEDED), SOURCE_ID, {0}}};

static const struct relation profile = {
	PROFILE, "profile", 1,
	(const struct field[]){FORM("country", NEEDED, &code_form),
			       PARTS("strategies", &strategy),
			       PARTS("institutions", &institution),
			       PARTS("case_law", &court_case),
			       PARTS("legal_provisions", &legal_provision),
			       PARTS("references", &reference),
			       {0}}};

static const struct relation tool = {TOOL, "tool", 1,
				     (const struct field[]){ID("id"),
							    TEXT("title", NEEDED),
							    WORD("kind", NEEDED, tool_kinds),
							    TEXT("summary_en", NULLABLE),
							    TEXT("summary_fr", OPTIONAL),
							    URL(NEEDED),
							    SOURCE_ID,
							    {0}}};

const struct relation *const relations[RELATIONS] = {
	[SOURCE] = &source,
	[COUNTRY] = &country,
	[TREATY] = &treaty,
	[ARTICLE] = &article,
	[ACTION] = &action,
	[STATEMENT] = &statement,
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

const struct csv_file csv_files[] = {
	{"sources.csv", SOURCE},	{"countries.csv", COUNTRY}, {"treaties.csv", TREATY},
	{"articles.csv", ARTICLE},	{"actions.csv", ACTION},    {"statements.csv", STATEMENT},
	{"authorities.csv", AUTHORITY}, {NULL, RELATIONS},
};
