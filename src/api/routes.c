#include "api/routes.h"

#include "api/answer.h"
#include "api/document.h"
#include "api/pages.h"
#include "api/parameters.h"
#include "api/problem_pages.h"
#include "api/service.h"
#include "api/well_known.h"
#include "contract.h"
#include "http/negotiation.h"
#include "statements.h"

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

/* What `include=` embeds: the rows q of another document that belong to the row `around` them. */
#define INCLUDES(...)	  .includes = (const struct include[]){__VA_ARGS__, {0}}
#define ONE(name, of, on) {name, &(of), SECTION_RECORD, on}
#define ALL(name, of, on) {name, &(of), SECTION_LIST, on}
#define ITS_COUNTRY	  ONE("country", countries, "q.code = around.country")

static const struct document countries, status, articles, actions, statements_all, authorities,
	strategies;

static const struct document countries = {
	.relation = "country", .sql = &statements_country, .key = "q.code",
	.sorts = {BY_TEXT("code"), BY_NAME("name"), BY_TEXT("updated_at")},
	INCLUDES(ALL("status", status, "q.country = around.code"),
		 ALL("actions", actions, "q.country = around.code")),
	.legal_time = true, .whole = true, .revised = true,
};
static const struct document status = {
	.relation = "status", .sql = &statements_status, .key = "(q.country || '-' || q.treaty)",
	.identifier = "country,treaty",
	.changed = "(SELECT max(rfc3339(a.updated_at)) FROM action AS a "
		   "WHERE a.country = q.country AND a.treaty = q.treaty)",
	.sorts = {BY_TEXT("country"), BY_NAME("country_name"), BY_DATE("in_force_on")},
	INCLUDES(ITS_COUNTRY, ALL("actions", actions, "q.country = around.country AND q.treaty = around.treaty")),
	.legal_time = true, .whole = true,
};
static const struct document treaties = {
	.relation = "treaty", .sql = &statements_treaty, .key = "q.number",
	.sorts = {BY_TEXT("number"), BY_DATE("opened_on"), BY_TEXT("updated_at")},
	INCLUDES(ALL("articles", articles, "q.treaty = around.number")),
	.legal_time = true, .revised = true,
};
static const struct document articles = {
	.relation = "article", .sql = &statements_article, .key = "q.article",
	.identifier = "treaty,article",
	.sorts = {BY_ARTICLE, BY_TEXT("updated_at")},
	.revised = true,
};
static const struct document actions = {
	.relation = "action", .sql = &statements_action, .key = "q.id",
	.sorts = {BY_DATE("date"), BY_TEXT("id"), BY_TEXT("country"), BY_TEXT("updated_at")},
	INCLUDES(ITS_COUNTRY),
	.revised = true,
};

#define STATEMENTS                                                                                 \
	.relation = "statement", .sql = &statements_statement, .key = "q.id",                      \
	.sorts = {BY_TEXT("id"), BY_DATE("made_on"), BY_DATE("effective_from"), BY_TEXT("country"),\
		  BY_TEXT("updated_at")},                                                        \
	INCLUDES(ITS_COUNTRY, ALL("authorities", authorities, "q.statement = around.id"),          \
		 ALL("superseded_by", statements_all, "q.id = ANY (around.superseded_by)"),        \
		 ALL("articles", articles, "q.treaty = around.treaty AND q.article IN "            \
		     "(SELECT n.article FROM statement_article AS n WHERE n.statement_id = around.id)")), \
	.legal_time = true, .revised = true

static const struct document statements_all = {STATEMENTS};
static const struct document reservations = {STATEMENTS, .fixed = {{"kind", "reservation"}}};
static const struct document declarations = {STATEMENTS, .fixed = {{"kind", "declaration"}}};
static const struct document authorities = {
	.relation = "authority", .sql = &statements_authority, .key = "q.id",
	.sorts = {BY_TEXT("id"), BY_NAME("name"), BY_TEXT("country"), BY_TEXT("updated_at")},
	INCLUDES(ITS_COUNTRY, ONE("statement", statements_all, "q.id = around.statement"),
		 ONE("article", articles, "q.treaty = around.treaty AND q.article = around.article")),
	.legal_time = true, .revised = true,
};
static const struct document strategies = {
	.relation = "strategy", .sql = &statements_strategy, .key = "q.id",
	.sorts = {NEWEST("adopted_on"), BY_TEXT("id"), BY_TEXT("country"), BY_TEXT("updated_at")},
	INCLUDES(ITS_COUNTRY,
		 ONE("supersedes", strategies, "q.id = around.supersedes")),
	.revised = true,
};
static const struct document institutions = {
	.relation = "institution", .sql = &statements_institution, .key = "q.id",
	.sorts = {BY_TEXT("id"), BY_NAME("name"), BY_TEXT("country"), BY_TEXT("updated_at")},
	INCLUDES(ITS_COUNTRY),
	.revised = true,
};
static const struct document case_law = {
	.relation = "court_case", .sql = &statements_court_case, .key = "q.id",
	.sorts = {NEWEST("decided_on"), BY_TEXT("id"), BY_TEXT("country"), BY_TEXT("updated_at")},
	INCLUDES(ITS_COUNTRY,
		 ALL("articles", articles, "(q.treaty, q.article) IN (SELECT n.treaty, n.article "
		     "FROM court_case_article AS n WHERE n.court_case_id = around.id)")),
	.revised = true,
};
static const struct document legal_provisions = {
	.relation = "legal_provision", .sql = &statements_legal_provision, .key = "q.id",
	.sorts = {BY_TEXT("id"), BY_ARTICLE, BY_TEXT("country"), BY_TEXT("updated_at")},
	INCLUDES(ITS_COUNTRY,
		 ONE("article", articles, "q.treaty = around.treaty AND q.article = around.article")),
	.revised = true,
};
static const struct document legal_profile = {
	.relation = "legal_provision", .sql = &statements_legal_provision, .key = "q.id",
	.sorts = {BY_ARTICLE, BY_TEXT("id"), BY_TEXT("updated_at")},
	INCLUDES(ITS_COUNTRY,
		 ONE("article", articles, "q.treaty = around.treaty AND q.article = around.article")),
	.revised = true,
};
static const struct document references = {
	.relation = "reference", .sql = &statements_reference, .key = "q.id",
	.sorts = {BY_TEXT("id"), BY_NAME("title"), BY_TEXT("country"), BY_TEXT("updated_at")},
	INCLUDES(ITS_COUNTRY),
	.revised = true,
};
static const struct document tools = {
	.relation = "tool", .sql = &statements_tool, .key = "q.id",
	.sorts = {BY_TEXT("id"), BY_NAME("title"), BY_TEXT("updated_at")},
	.revised = true,
};
static const struct document sources = {
	.relation = "source", .sql = &statements_source, .key = "q.id",
	.sorts = {BY_TEXT("id"), BY_DATE("as_of"), BY_DATE("retrieved_on"), BY_TEXT("updated_at")},
	.revised = true,
};
static const struct document changes = {
	.relation = "change", .sql = &statements_change, .key = "q.id", .tie = "q.ordinal",
	.found = "(q.revision, q.ordinal) = "
		 "(split_part($key, '-', 1)::bigint, split_part($key, '-', 2)::integer)",
	/* Moments do not go back while revisions rise: a range of one index instead of a filter. */
	.since = "q.revision >= (SELECT r.revision FROM change AS r "
		 "WHERE r.recorded_at >= $updated_since::text::timestamptz "
		 "ORDER BY r.recorded_at, r.revision LIMIT 1)",
	.sorts = {BY_NUMBER("revision")},
	.revised = true, .feed = true,
};
static const struct document disclaimer = {.sql = &statements_disclaimer};
static const struct document contribute = {.sql = &statements_contribute};

static const struct document profile = {
	.relation = "profile",
	.sections = (const struct section[]){
		{"country", &countries, SECTION_RECORD},
		{"status", &status, SECTION_LIST},
		{"statements", &statements_all, SECTION_LIST},
		{"authorities", &authorities, SECTION_LIST},
		{"strategies", &strategies, SECTION_LIST},
		{"institutions", &institutions, SECTION_LIST},
		{"case_law", &case_law, SECTION_LIST},
		{"legal_profile", &legal_profile, SECTION_LIST},
		{"tools", &tools, SECTION_LIST},
		{"references", &references, SECTION_LIST},
		{"disclaimer", &disclaimer, SECTION_RECORD},
		{"contribute", &contribute, SECTION_RECORD},
		{0},
	},
	.legal_time = true,
};

static const struct document dataset = {.sql = &statements_dataset};
static const struct document addresses = {.sql = &statements_addresses};

static const struct document entry = {
	.relation = "entry",
	.sections = (const struct section[]){
		{"dataset", &dataset, SECTION_RECORD},
		{"disclaimer", &disclaimer, SECTION_RECORD},
		{"contribute", &contribute, SECTION_RECORD},
		{"links", &addresses, SECTION_VALUE},
		{0},
	},
	.entry = true,
};

static const struct document export = {
	.relation = "export",
	.sections = (const struct section[]){
		{"dataset", &dataset, SECTION_RECORD},
		{"disclaimer", &disclaimer, SECTION_RECORD},
		{"countries", &countries, SECTION_LIST},
		{"status", &status, SECTION_LIST},
		{"treaties", &treaties, SECTION_LIST},
		{"articles", &articles, SECTION_LIST},
		{"actions", &actions, SECTION_LIST},
		{"statements", &statements_all, SECTION_LIST},
		{"authorities", &authorities, SECTION_LIST},
		{"strategies", &strategies, SECTION_LIST},
		{"institutions", &institutions, SECTION_LIST},
		{"case_law", &case_law, SECTION_LIST},
		{"legal_provisions", &legal_provisions, SECTION_LIST},
		{"references", &references, SECTION_LIST},
		{"tools", &tools, SECTION_LIST},
		{"sources", &sources, SECTION_LIST},
		{0},
	},
	.legal_time = true, .lines = true,
};

/* Closed sets of single resources. */
#define STATES "party", "signatory", "ratified", "invited", "former_party", "none", "unknown"

static const struct parameter country_status = CHOICES("status", STATES);
static const struct parameter country_has =
	CHOICES("has", "statements", "reservations", "declarations", "authorities", "strategies",
		"institutions", "case_law", "legal_provisions", "references");
static const struct parameter coe_member = CHOICES("coe_member", "false", "true");
static const struct parameter state = CHOICES("state", STATES);
static const struct parameter action =
	CHOICES("action", "signature", "ratification", "accession", "acceptance", "approval",
		"definitive_signature", "invitation", "entry_into_force", "denunciation");
static const struct parameter in_force = CHOICES("in_force", "false", "true", "unknown");
static const struct parameter statement_kind =
	CHOICES("kind", "reservation", "declaration", "communication", "authority", "territorial",
		"objection");
static const struct parameter strategy_kind =
	CHOICES("kind", "cybersecurity_strategy", "cybercrime_strategy",
		"international_cyber_strategy", "digital_strategy", "action_plan");
static const struct parameter strategy_status =
	CHOICES("status", "in_force", "superseded", "unknown");
static const struct parameter authority_role =
	CHOICES("role", "extradition", "mutual_assistance", "network_24_7");
static const struct parameter institution_kind =
	CHOICES("kind", "ministry", "agency", "police", "prosecution", "judiciary", "csirt",
		"regulator", "contact_point");
static const struct parameter tool_kind =
	CHOICES("kind", "platform", "database", "template", "committee", "guidance_note", "course",
		"guide", "training_material", "report", "project");

static const struct parameter change_kind =
	CHOICES("kind", "baseline", "legal_event", "correction", "translation", "editorial");
static const struct parameter change_operation =
	CHOICES("operation", "create", "update", "retract");
static const struct parameter change_resource =
	CHOICES("resource", "countries", "treaties", "articles", "actions", "statements",
		"authorities", "strategies", "institutions", "case_law", "legal_provisions",
		"references", "tools", "sources");
static const struct parameter change_record =
	{.name = "record", .place = PARAMETER_QUERY, .check = check_identifier};
static const struct parameter after_revision =
	{.name = "after_revision", .place = PARAMETER_QUERY, .check = check_revision};

/* What every list takes beside its filters. */
#define TAKES(...) (const struct parameter *const[]){__VA_ARGS__, NULL}
#define LISTS(...) LISTS_TAKE(__VA_ARGS__, &take_include), list_media
#define LISTS_ALONE(...) LISTS_TAKE(__VA_ARGS__), list_media
#define FEEDS(...) LISTS_TAKE(__VA_ARGS__), feed_media
#define LISTS_TAKE(...)                                                                            \
	TAKES(__VA_ARGS__, &take_updated_since, &take_limit, &take_cursor, &take_sort,             \
	      &take_fields, &take_format, &take_lang)
/* What every record takes. */
#define SHOWS(...) SHOWS_ALONE(__VA_ARGS__, &take_include)
#define SHOWS_ALONE(...) TAKES(__VA_ARGS__, &take_fields, &take_format, &take_lang), record_media
#define NOTHING (const struct parameter *const[]){NULL}, NULL

static const struct media *const list_media[] = {&media_json, &media_ndjson, &media_csv, NULL};
static const struct media *const feed_media[] = {&media_json, &media_ndjson, &media_csv,
						  &media_atom, NULL};
static const struct media *const export_media[] = {&media_ndjson, NULL};
static const struct media *const record_media[] = {&media_json, NULL};
static const struct media *const root_media[] = {&media_json, &media_html, NULL};

#define COUNTRY "/v1/countries/{code}"
#define TREATY	"/v1/treaties/{number}"

const struct route routes[] = {
	{"GET", "/v1", "getEntry", answer_sections, &entry,
	 TAKES(&take_format, &take_lang), record_media},

	{"GET", "/v1/countries", "listCountries", answer_list, &countries,
	 LISTS(&country_status, &by_treaty, &by_region, &coe_member, &country_has, &by_text, &take_as_of)},
	{"GET", COUNTRY, "getCountry", answer_record, &countries, SHOWS(&path_code, &take_as_of)},
	{"GET", COUNTRY "/profile", "getCountryProfile", answer_sections, &profile,
	 TAKES(&path_code, &take_as_of, &take_format, &take_lang), record_media},
	{"GET", COUNTRY "/status", "listCountryStatus", answer_list, &status,
	 LISTS(&path_code, &by_treaty, &state, &take_as_of)},
	{"GET", COUNTRY "/actions", "listCountryActions", answer_list, &actions,
	 LISTS(&path_code, &by_treaty, &action)},
	{"GET", COUNTRY "/statements", "listCountryStatements", answer_list, &statements_all,
	 LISTS(&path_code, &statement_kind, &by_treaty, &by_article, &in_force, &by_text, &take_as_of)},
	{"GET", COUNTRY "/reservations", "listCountryReservations", answer_list, &reservations,
	 LISTS(&path_code, &by_treaty, &by_article, &in_force, &by_text, &take_as_of)},
	{"GET", COUNTRY "/declarations", "listCountryDeclarations", answer_list, &declarations,
	 LISTS(&path_code, &by_treaty, &by_article, &in_force, &by_text, &take_as_of)},
	{"GET", COUNTRY "/authorities", "listCountryAuthorities", answer_list, &authorities,
	 LISTS(&path_code, &by_treaty, &by_article, &authority_role, &in_force, &by_text, &take_as_of)},
	{"GET", COUNTRY "/strategies", "listCountryStrategies", answer_list, &strategies,
	 LISTS(&path_code, &strategy_kind, &strategy_status, &by_text)},
	{"GET", COUNTRY "/institutions", "listCountryInstitutions", answer_list, &institutions,
	 LISTS(&path_code, &institution_kind, &by_text)},
	{"GET", COUNTRY "/case-law", "listCountryCaseLaw", answer_list, &case_law,
	 LISTS(&path_code, &by_article, &by_text)},
	{"GET", COUNTRY "/legal-profile", "getCountryLegalProfile", answer_list, &legal_profile,
	 LISTS(&path_code, &by_article, &by_text)},
	{"GET", COUNTRY "/references", "listCountryReferences", answer_list, &references,
	 LISTS(&path_code, &by_text)},

	{"GET", "/v1/treaties", "listTreaties", answer_list, &treaties, LISTS(&take_as_of)},
	{"GET", TREATY, "getTreaty", answer_record, &treaties, SHOWS(&path_number, &take_as_of)},
	{"GET", TREATY "/articles", "listTreatyArticles", answer_list, &articles,
	 LISTS_ALONE(&path_number, &by_text)},
	{"GET", TREATY "/articles/{article}", "getTreatyArticle", answer_record, &articles,
	 SHOWS_ALONE(&path_number, &path_article)},
	{"GET", TREATY "/statements", "listTreatyStatements", answer_list, &statements_all,
	 LISTS(&path_number, &statement_kind, &by_country, &by_article, &in_force, &by_text, &take_as_of)},
	{"GET", TREATY "/reservations", "listTreatyReservations", answer_list, &reservations,
	 LISTS(&path_number, &by_country, &by_article, &in_force, &by_text, &take_as_of)},

	{"GET", "/v1/status", "listStatus", answer_list, &status,
	 LISTS(&by_treaty, &state, &by_country, &by_region, &take_as_of)},
	{"GET", "/v1/status/{id}", "getStatus", answer_record, &status,
	 SHOWS(&path_id, &take_as_of)},
	{"GET", "/v1/actions", "listActions", answer_list, &actions,
	 LISTS(&by_country, &by_treaty, &action)},
	{"GET", "/v1/actions/{id}", "getAction", answer_record, &actions, SHOWS(&path_id)},
	{"GET", "/v1/statements", "listStatements", answer_list, &statements_all,
	 LISTS(&statement_kind, &by_treaty, &by_country, &by_article, &in_force, &by_text, &take_as_of)},
	{"GET", "/v1/statements/{id}", "getStatement", answer_record, &statements_all,
	 SHOWS(&path_id, &take_as_of)},
	{"GET", "/v1/reservations", "listReservations", answer_list, &reservations,
	 LISTS(&by_treaty, &by_country, &by_article, &in_force, &by_text, &take_as_of)},
	{"GET", "/v1/reservations/{id}", "getReservation", answer_record, &reservations,
	 SHOWS(&path_id, &take_as_of)},
	{"GET", "/v1/declarations", "listDeclarations", answer_list, &declarations,
	 LISTS(&by_treaty, &by_country, &by_article, &in_force, &by_text, &take_as_of)},
	{"GET", "/v1/declarations/{id}", "getDeclaration", answer_record, &declarations,
	 SHOWS(&path_id, &take_as_of)},
	{"GET", "/v1/authorities", "listAuthorities", answer_list, &authorities,
	 LISTS(&by_country, &by_treaty, &by_article, &authority_role, &in_force, &by_text, &take_as_of)},
	{"GET", "/v1/authorities/{id}", "getAuthority", answer_record, &authorities,
	 SHOWS(&path_id, &take_as_of)},
	{"GET", "/v1/strategies", "listStrategies", answer_list, &strategies,
	 LISTS(&by_country, &strategy_kind, &strategy_status, &by_text)},
	{"GET", "/v1/strategies/{id}", "getStrategy", answer_record, &strategies,
	 SHOWS(&path_id)},
	{"GET", "/v1/institutions", "listInstitutions", answer_list, &institutions,
	 LISTS(&by_country, &institution_kind, &by_text)},
	{"GET", "/v1/institutions/{id}", "getInstitution", answer_record, &institutions,
	 SHOWS(&path_id)},
	{"GET", "/v1/case-law", "listCaseLaw", answer_list, &case_law,
	 LISTS(&by_country, &by_article, &by_text)},
	{"GET", "/v1/case-law/{id}", "getCourtCase", answer_record, &case_law, SHOWS(&path_id)},
	{"GET", "/v1/legal-provisions", "listLegalProvisions", answer_list, &legal_provisions,
	 LISTS(&by_country, &by_article, &by_text)},
	{"GET", "/v1/legal-provisions/{id}", "getLegalProvision", answer_record, &legal_provisions,
	 SHOWS(&path_id)},
	{"GET", "/v1/references", "listReferences", answer_list, &references,
	 LISTS(&by_country, &by_text)},
	{"GET", "/v1/references/{id}", "getReference", answer_record, &references, SHOWS(&path_id)},
	{"GET", "/v1/tools", "listTools", answer_list, &tools,
	 LISTS_ALONE(&tool_kind, &by_text)},
	{"GET", "/v1/tools/{id}", "getTool", answer_record, &tools, SHOWS_ALONE(&path_id)},
	{"GET", "/v1/sources", "listSources", answer_list, &sources, LISTS_ALONE(&by_text)},
	{"GET", "/v1/sources/{id}", "getSource", answer_record, &sources, SHOWS_ALONE(&path_id)},
	{"GET", "/v1/changes", "listChanges", answer_list, &changes,
	 FEEDS(&by_country, &by_treaty, &change_kind, &change_operation, &change_resource,
	       &change_record, &after_revision)},
	{"GET", "/v1/changes/{id}", "getChange", answer_record, &changes, SHOWS_ALONE(&path_change)},

	{"GET", "/v1/export.ndjson", "getExport", answer_export, &export,
	 TAKES(&take_lang), export_media},

	{"GET", "/openapi.json", "getContractJson", answer_contract, &contract_json, NOTHING},
	{"GET", "/openapi.yaml", "getContractYaml", answer_contract, &contract_yaml, NOTHING},
	{"GET", "/", "getRoot", answer_root, NULL, (const struct parameter *const[]){NULL}, root_media},
	{"GET", "/docs", "getDocs", answer_docs, NULL, TAKES(&take_lang), NULL},
	{"GET", "/docs/policy", "getPolicy", answer_policy, NULL, TAKES(&take_lang), NULL},
	{"GET", "/docs/{file}", "getDocsFile", answer_file, NULL, TAKES(&path_file), NULL},
	{"GET", "/favicon.ico", "getIcon", answer_icon, NULL, NOTHING},
	{"GET", "/problems", "listProblems", answer_problems, NULL, TAKES(&take_lang), NULL},
	{"GET", "/problems/{name}", "getProblem", answer_problem, NULL,
	 TAKES(&path_problem, &take_lang), NULL},
	{"GET", "/.well-known/api-catalog", "getCatalog", answer_catalog, NULL, NOTHING},
	{"GET", "/.well-known/security.txt", "getSecurityContact", answer_security_contact, NULL,
	 NOTHING},
	{"GET", "/healthz", "getLiveness", answer_liveness, NULL, NOTHING},
	{"GET", "/readyz", "getReadiness", answer_readiness, NULL, NOTHING},
	{0},
};

const char *const probes[] = {"/healthz", "/readyz", NULL};
