#include "api/routes.h"

#include "api/documents.h"
#include "api/resource.h"
#include "api/site/site_pages.h"
#include "api/site/probes.h"
#include "api/site/static_file.h"
#include "api/site/well_known.h"
#include "api/validate/date_period.h"
#include "api/validate/parameter_checks.h"
#include "http/negotiation/media_type.h"

#include "base/banned.h"

/* Tables, aligned by hand. */
/* clang-format off */

/* Parameters of more than one route. */
#define SET(...) .choices = (const char *const[]){__VA_ARGS__, NULL}
#define IN_PATH(address_name, ...) {.name = (address_name), .place = PARAMETER_PATH, __VA_ARGS__}
#define IN_QUERY(address_name, ...) {.name = (address_name), .place = PARAMETER_QUERY, __VA_ARGS__}
#define CHECK(what) .check = parameter_checks_##what

/* A filter with a closed set. */
#define CHOICES(address_name, ...) IN_QUERY(address_name, CHECK(choice), SET(__VA_ARGS__), .many = true)

#define TREATIES "185", "189", "224"

const struct parameter path_code = IN_PATH("code", CHECK(country), .binds = "country");
const struct parameter path_number = IN_PATH("number", CHECK(choice), .binds = "treaty", SET(TREATIES));
const struct parameter path_article = IN_PATH("article", CHECK(article));
const struct parameter path_id = IN_PATH("id", CHECK(identifier));
const struct parameter path_change = IN_PATH("id", CHECK(change));
const struct parameter path_problem = IN_PATH("name", .check = site_pages_check);
const struct parameter path_file = IN_PATH("file", .check = static_file_check);

const struct parameter take_as_of = IN_QUERY("as_of", CHECK(day), .endless = true);
const struct parameter take_limit = IN_QUERY("limit", CHECK(limit));
const struct parameter take_cursor = IN_QUERY("cursor", CHECK(cursor), .endless = true);
const struct parameter take_sort = IN_QUERY("sort", CHECK(sort));
const struct parameter take_lang = IN_QUERY("lang", CHECK(choice), SET("en", "fr"));

const struct parameter take_fields = IN_QUERY("fields", CHECK(fields), .many = true);
const struct parameter take_include = IN_QUERY("include", CHECK(include), .many = true);
const struct parameter take_format = IN_QUERY("format", CHECK(format));
const struct parameter take_updated_since = IN_QUERY("updated_since", CHECK(moment), .endless = true);

const struct parameter by_country = IN_QUERY("country", CHECK(country), .many = true);
/* Of statements and authorities: the State that made or designated them, and the territory they name. */
static const struct parameter by_maker = IN_QUERY("country", CHECK(country), .many = true, .binds = "maker");
static const struct parameter by_territory = IN_QUERY("territory", CHECK(country), .many = true);
const struct parameter by_article = IN_QUERY("article", CHECK(article), .many = true);
const struct parameter by_text = IN_QUERY("q", CHECK(text), .endless = true);

const struct parameter by_treaty = CHOICES("treaty", TREATIES);
const struct parameter by_member_of = CHOICES("member_of", "ASEAN", "CoE", "EU");
/* UN M49: regions, subregions, intermediate regions. */
const struct parameter by_region =
	CHOICES("region", "002", "009", "019", "142", "150",
		"015", "021", "030", "034", "035", "039", "053", "054", "057", "061", "143", "145",
		"151", "154", "155", "202", "419",
		"005", "011", "013", "014", "017", "018", "029");
const struct parameter by_source_kind =
	CHOICES("source_kind", "copy", "depositary", "international_organisation", "official",
		"secondary");

/* Filters by the dates of a record; documents.c has those of each. */
#define DATE(address_name) IN_QUERY(address_name, .check = date_period_check, .period = true, .endless = true)

static const struct parameter invited_on = DATE("invited_on"),
	signed_on = DATE("signed_on"),
	consented_on = DATE("consented_on"),
	in_force_on = DATE("in_force_on"),
	denounced_on = DATE("denounced_on"),
	opened_on = DATE("opened_on"),
	entered_into_force_on = DATE("entered_into_force_on"),
	date = DATE("date"),
	made_on = DATE("made_on"),
	effective_from = DATE("effective_from"),
	withdrawn_on = DATE("withdrawn_on"),
	adopted_on = DATE("adopted_on"),
	decided_on = DATE("decided_on"),
	verified_on = DATE("verified_on"),
	retrieved_on = DATE("retrieved_on"),
	source_as_of = DATE("as_of"),
	known_until = DATE("known_until"),
	next_change_on = DATE("next_change_on"),
	statements_complete_as_of = DATE("statements_complete_as_of");

#define STATUS_DATES	&invited_on, &signed_on, &consented_on, &in_force_on, &denounced_on,       \
			&known_until, &next_change_on, &statements_complete_as_of
#define TREATY_DATES	&opened_on, &entered_into_force_on, &known_until, &next_change_on
#define ACTION_DATES	&date, &verified_on
#define STATEMENT_DATES &made_on, &effective_from, &withdrawn_on, &next_change_on, &verified_on
#define STRATEGY_DATES	&adopted_on, &verified_on
#define CASE_DATES	&decided_on, &verified_on
#define SOURCE_DATES	&source_as_of, &retrieved_on

/* Closed sets of single resources. */
#define STATES "party", "signatory", "ratified", "invited", "former_party", "none", "unknown"

static const struct parameter country_status = CHOICES("status", STATES);
static const struct parameter country_has =
	CHOICES("has", "statements", "reservations", "declarations", "authorities", "strategies",
		"institutions", "case_law", "legal_provisions", "references");
static const struct parameter country_type = CHOICES("type", "state", "territory", "other");
static const struct parameter responsible_state =
	IN_QUERY("responsible_state", CHECK(country), .many = true);
static const struct parameter state = CHOICES("state", STATES);
static const struct parameter action =
	CHOICES("action", "signature", "withdrawal_of_signature", "ratification", "accession",
		"acceptance", "approval", "succession", "definitive_signature", "invitation",
		"entry_into_force", "denunciation");
static const struct parameter in_force = CHOICES("in_force", "false", "true", "unknown");
static const struct parameter statement_kind =
	CHOICES("kind", "reservation", "declaration", "communication", "authority", "territorial",
		"objection");
static const struct parameter declaration_kind =
	CHOICES("kind", "declaration", "communication", "authority", "territorial");
static const struct parameter strategy_kind =
	CHOICES("kind", "cybersecurity_strategy", "cybercrime_strategy",
		"international_cyber_strategy", "digital_strategy", "action_plan");
static const struct parameter strategy_status =
	CHOICES("status", "in_force", "superseded", "unknown");
static const struct parameter authority_role =
	CHOICES("role", "extradition", "mutual_assistance", "network_24_7", "consultation",
		"orders", "data_protection");
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
	CHOICES("resource", "countries", "status", "treaties", "articles", "actions", "statements",
		"authorities", "strategies", "institutions", "case_law", "legal_provisions",
		"references", "tools", "sources");
static const struct parameter change_record =
	IN_QUERY("record", CHECK(identifier));
static const struct parameter after_revision =
	IN_QUERY("after_revision", CHECK(revision), .endless = true);

/* Filters of every list that has a country. */
#define PLACE &by_region, &by_member_of
/* Parameters of every list, in addition to its filters. */
#define TAKES(...) (const struct parameter *const[]){__VA_ARGS__, NULL}
#define LISTS(...) LISTS_TAKE(__VA_ARGS__, &by_source_kind, &take_include), list_media
#define LISTS_ALONE(...) LISTS_TAKE(__VA_ARGS__, &by_source_kind), list_media
#define FEEDS(...) LISTS_TAKE(__VA_ARGS__), feed_media
#define LISTS_TAKE(...)                                                                            \
	TAKES(__VA_ARGS__, &take_updated_since, &take_limit, &take_cursor, &take_sort,             \
	      &take_fields, &take_format, &take_lang)
/* Parameters of every record. */
#define SHOWS(...) SHOWS_ALONE(__VA_ARGS__, &take_include)
#define SHOWS_ALONE(...) TAKES(__VA_ARGS__, &take_fields, &take_format, &take_lang), record_media
#define NOTHING (const struct parameter *const[]){NULL}, NULL

static const struct media_type *const list_media[] = {&media_type_json, &media_type_ndjson, &media_type_csv, NULL};
static const struct media_type *const feed_media[] = {&media_type_json, &media_type_ndjson, &media_type_csv,
						  &media_type_atom, NULL};
static const struct media_type *const export_media[] = {&media_type_ndjson, NULL};
static const struct media_type *const record_media[] = {&media_type_json, NULL};
static const struct media_type *const root_media[] = {&media_type_json, &media_type_html, NULL};

#define COUNTRY	 "/v1/countries/{code}"
#define TREATY	 "/v1/treaties/{number}"
#define LIVENESS "/healthz"

const struct route routes[] = {
	{"GET", "/v1", "getEntry", resource_entry, &document_entry,
	 TAKES(&take_format, &take_lang), record_media},

	{"GET", "/v1/countries", "listCountries", resource_list, &document_countries,
	 LISTS(&country_status, &by_treaty, &country_type, &responsible_state, PLACE, &country_has, &by_text, &take_as_of,
	       &next_change_on)},
	{"GET", COUNTRY, "getCountry", resource_record, &document_countries, SHOWS(&path_code, &take_as_of)},
	{"GET", COUNTRY "/profile", "getCountryProfile", resource_sections, &document_profile,
	 TAKES(&path_code, &take_as_of, &take_format, &take_lang), record_media},
	{"GET", COUNTRY "/status", "listCountryStatus", resource_list, &document_status,
	 LISTS(&path_code, &by_treaty, &state, &take_as_of, STATUS_DATES)},
	{"GET", COUNTRY "/actions", "listCountryActions", resource_list, &document_actions,
	 LISTS(&path_code, &by_treaty, &action, ACTION_DATES)},
	{"GET", COUNTRY "/statements", "listCountryStatements", resource_list, &document_statements,
	 LISTS(&path_code, &statement_kind, &by_treaty, &by_article, &by_territory, &in_force, &by_text, &take_as_of,
	       STATEMENT_DATES)},
	{"GET", COUNTRY "/reservations", "listCountryReservations", resource_list, &document_reservations,
	 LISTS(&path_code, &by_treaty, &by_article, &by_territory, &in_force, &by_text, &take_as_of,
	       STATEMENT_DATES)},
	{"GET", COUNTRY "/declarations", "listCountryDeclarations", resource_list, &document_declarations,
	 LISTS(&path_code, &declaration_kind, &by_treaty, &by_article, &by_territory, &in_force, &by_text, &take_as_of,
	       STATEMENT_DATES)},
	{"GET", COUNTRY "/authorities", "listCountryAuthorities", resource_list, &document_authorities,
	 LISTS(&path_code, &by_treaty, &by_article, &by_territory, &authority_role, &in_force, &by_text, &take_as_of,
	       STATEMENT_DATES)},
	{"GET", COUNTRY "/strategies", "listCountryStrategies", resource_list, &document_strategies,
	 LISTS(&path_code, &strategy_kind, &strategy_status, &by_text, STRATEGY_DATES)},
	{"GET", COUNTRY "/institutions", "listCountryInstitutions", resource_list, &document_institutions,
	 LISTS(&path_code, &institution_kind, &by_text, &verified_on)},
	{"GET", COUNTRY "/case-law", "listCountryCaseLaw", resource_list, &document_case_law,
	 LISTS(&path_code, &by_article, &by_text, CASE_DATES)},
	{"GET", COUNTRY "/legal-profile", "getCountryLegalProfile", resource_list, &document_legal_profile,
	 LISTS(&path_code, &by_article, &by_text, &verified_on)},
	{"GET", COUNTRY "/references", "listCountryReferences", resource_list, &document_references,
	 LISTS(&path_code, &by_text, &verified_on)},

	{"GET", "/v1/treaties", "listTreaties", resource_list, &document_treaties,
	 LISTS(&take_as_of, TREATY_DATES)},
	{"GET", TREATY, "getTreaty", resource_record, &document_treaties, SHOWS(&path_number, &take_as_of)},
	{"GET", TREATY "/articles", "listTreatyArticles", resource_list, &document_articles,
	 LISTS_ALONE(&path_number, &by_text)},
	{"GET", TREATY "/articles/{article}", "getTreatyArticle", resource_record, &document_articles,
	 SHOWS_ALONE(&path_number, &path_article)},
	{"GET", TREATY "/statements", "listTreatyStatements", resource_list, &document_statements,
	 LISTS(&path_number, &statement_kind, &by_maker, PLACE, &by_article, &by_territory, &in_force, &by_text, &take_as_of,
	       STATEMENT_DATES)},
	{"GET", TREATY "/reservations", "listTreatyReservations", resource_list, &document_reservations,
	 LISTS(&path_number, &by_maker, PLACE, &by_article, &by_territory, &in_force, &by_text, &take_as_of,
	       STATEMENT_DATES)},
	{"GET", TREATY "/declarations", "listTreatyDeclarations", resource_list, &document_declarations,
	 LISTS(&path_number, &declaration_kind, &by_maker, PLACE, &by_article, &by_territory, &in_force, &by_text,
	       &take_as_of, STATEMENT_DATES)},

	{"GET", "/v1/status", "listStatus", resource_list, &document_status,
	 LISTS(&by_treaty, &state, &by_country, &country_type, &responsible_state, PLACE, &take_as_of, STATUS_DATES)},
	{"GET", "/v1/status/{id}", "getStatus", resource_record, &document_status,
	 SHOWS(&path_id, &take_as_of)},
	{"GET", "/v1/actions", "listActions", resource_list, &document_actions,
	 LISTS(&by_country, PLACE, &by_treaty, &action, ACTION_DATES)},
	{"GET", "/v1/actions/{id}", "getAction", resource_record, &document_actions, SHOWS(&path_id)},
	{"GET", "/v1/statements", "listStatements", resource_list, &document_statements,
	 LISTS(&statement_kind, &by_treaty, &by_maker, PLACE, &by_article, &by_territory, &in_force, &by_text, &take_as_of,
	       STATEMENT_DATES)},
	{"GET", "/v1/statements/{id}", "getStatement", resource_record, &document_statements,
	 SHOWS(&path_id, &take_as_of)},
	{"GET", "/v1/reservations", "listReservations", resource_list, &document_reservations,
	 LISTS(&by_treaty, &by_maker, PLACE, &by_article, &by_territory, &in_force, &by_text, &take_as_of,
	       STATEMENT_DATES)},
	{"GET", "/v1/reservations/{id}", "getReservation", resource_record, &document_reservations,
	 SHOWS(&path_id, &take_as_of)},
	{"GET", "/v1/declarations", "listDeclarations", resource_list, &document_declarations,
	 LISTS(&declaration_kind, &by_treaty, &by_maker, PLACE, &by_article, &by_territory, &in_force, &by_text, &take_as_of,
	       STATEMENT_DATES)},
	{"GET", "/v1/declarations/{id}", "getDeclaration", resource_record, &document_declarations,
	 SHOWS(&path_id, &take_as_of)},
	{"GET", "/v1/authorities", "listAuthorities", resource_list, &document_authorities,
	 LISTS(&by_maker, PLACE, &by_treaty, &by_article, &by_territory, &authority_role, &in_force, &by_text, &take_as_of,
	       STATEMENT_DATES)},
	{"GET", "/v1/authorities/{id}", "getAuthority", resource_record, &document_authorities,
	 SHOWS(&path_id, &take_as_of)},
	{"GET", "/v1/strategies", "listStrategies", resource_list, &document_strategies,
	 LISTS(&by_country, PLACE, &strategy_kind, &strategy_status, &by_text, STRATEGY_DATES)},
	{"GET", "/v1/strategies/{id}", "getStrategy", resource_record, &document_strategies,
	 SHOWS(&path_id)},
	{"GET", "/v1/institutions", "listInstitutions", resource_list, &document_institutions,
	 LISTS(&by_country, PLACE, &institution_kind, &by_text, &verified_on)},
	{"GET", "/v1/institutions/{id}", "getInstitution", resource_record, &document_institutions,
	 SHOWS(&path_id)},
	{"GET", "/v1/case-law", "listCaseLaw", resource_list, &document_case_law,
	 LISTS(&by_country, PLACE, &by_article, &by_text, CASE_DATES)},
	{"GET", "/v1/case-law/{id}", "getCourtCase", resource_record, &document_case_law, SHOWS(&path_id)},
	{"GET", "/v1/legal-provisions", "listLegalProvisions", resource_list, &document_legal_provisions,
	 LISTS(&by_country, PLACE, &by_article, &by_text, &verified_on)},
	{"GET", "/v1/legal-provisions/{id}", "getLegalProvision", resource_record,
	 &document_legal_provisions, SHOWS(&path_id)},
	{"GET", "/v1/references", "listReferences", resource_list, &document_references,
	 LISTS(&by_country, PLACE, &by_text, &verified_on)},
	{"GET", "/v1/references/{id}", "getReference", resource_record, &document_references,
	 SHOWS(&path_id)},
	{"GET", "/v1/tools", "listTools", resource_list, &document_tools,
	 LISTS_ALONE(&tool_kind, &by_text, &verified_on)},
	{"GET", "/v1/tools/{id}", "getTool", resource_record, &document_tools, SHOWS_ALONE(&path_id)},
	{"GET", "/v1/sources", "listSources", resource_list, &document_sources,
	 LISTS_ALONE(&by_text, SOURCE_DATES)},
	{"GET", "/v1/sources/{id}", "getSource", resource_record, &document_sources, SHOWS_ALONE(&path_id)},
	{"GET", "/v1/changes", "listChanges", resource_list, &document_changes,
	 FEEDS(&by_country, PLACE, &by_treaty, &change_kind, &change_operation, &change_resource,
	       &change_record, &after_revision)},
	{"GET", "/v1/changes/{id}", "getChange", resource_record, &document_changes,
	 SHOWS_ALONE(&path_change)},

	{"GET", "/v1/export.ndjson", "getExport", resource_export, &document_export,
	 TAKES(&take_lang), export_media},

	{"GET", "/openapi.json", "getContractJson", static_file_answer, NULL, NOTHING},
	{"GET", "/openapi.yaml", "getContractYaml", static_file_answer, NULL, NOTHING},
	{"GET", "/", "getRoot", site_pages_root, NULL, (const struct parameter *const[]){NULL}, root_media},
	{"GET", "/docs", "getDocs", site_pages_send, NULL, TAKES(&take_lang), NULL},
	{"GET", "/docs/policy", "getPolicy", site_pages_send, NULL, TAKES(&take_lang), NULL},
	{"GET", "/docs/{file}", "getDocsFile", static_file_answer, NULL, TAKES(&path_file), NULL},
	{"GET", "/favicon.ico", "getIcon", static_file_answer, NULL, NOTHING},
	{"GET", "/problems", "listProblems", site_pages_send, NULL, TAKES(&take_lang), NULL},
	{"GET", "/problems/{name}", "getProblem", site_pages_send, NULL,
	 TAKES(&path_problem, &take_lang), NULL},
	{"GET", "/.well-known/api-catalog", "getCatalog", well_known_catalog, NULL, NOTHING},
	{"GET", "/.well-known/security.txt", "getSecurityContact", well_known_security_contact, NULL,
	 NOTHING},
	{"GET", LIVENESS, "getLiveness", probes_liveness, NULL, NOTHING},
	{"GET", "/readyz", "getReadiness", probes_readiness, NULL, NOTHING},
	{0},
};

const char *const probes[] = {LIVENESS, "/readyz", NULL};
const char liveness_probe[] = LIVENESS;
