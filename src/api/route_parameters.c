#include "api/route_parameters.h"

#include "api/site/static_file.h"
#include "api/site/problem_pages.h"

#include "base/banned.h"

/* The releases of clang-format differ about braces in a macro. */
/* clang-format off */
#define SET(...) (const char *const[]){__VA_ARGS__, NULL}
/* clang-format on */

#define TREATIES "185", "189", "224"

const struct parameter path_code = {.name = "code",
				    .place = PARAMETER_PATH,
				    .check = parameter_checks_country,
				    .binds = "country"};
const struct parameter path_number = {.name = "number",
				      .place = PARAMETER_PATH,
				      .check = parameter_checks_choice,
				      .binds = "treaty",
				      .choices = SET(TREATIES)};
const struct parameter path_article = {
	.name = "article", .place = PARAMETER_PATH, .check = parameter_checks_article};
const struct parameter path_id = {
	.name = "id", .place = PARAMETER_PATH, .check = parameter_checks_identifier};
const struct parameter path_change = {
	.name = "id", .place = PARAMETER_PATH, .check = parameter_checks_change};

const struct parameter path_problem = {
	.name = "name", .place = PARAMETER_PATH, .check = problem_pages_check};
const struct parameter path_file = {
	.name = "file", .place = PARAMETER_PATH, .check = static_file_check};

const struct parameter take_as_of = {
	.name = "as_of", .place = PARAMETER_QUERY, .check = parameter_checks_day};
const struct parameter take_limit = {
	.name = "limit", .place = PARAMETER_QUERY, .check = parameter_checks_limit};
const struct parameter take_cursor = {
	.name = "cursor", .place = PARAMETER_QUERY, .check = parameter_checks_cursor};
const struct parameter take_sort = {
	.name = "sort", .place = PARAMETER_QUERY, .check = parameter_checks_sort};
const struct parameter take_lang = {.name = "lang",
				    .place = PARAMETER_QUERY,
				    .check = parameter_checks_choice,
				    .choices = SET("en", "fr")};

const struct parameter take_fields = {
	.name = "fields", .place = PARAMETER_QUERY, .check = parameter_checks_fields, .many = true};
const struct parameter take_include = {
	.name = "include", .place = PARAMETER_QUERY, .check = parameter_checks_include, .many = true};
const struct parameter take_format = {
	.name = "format", .place = PARAMETER_QUERY, .check = parameter_checks_format};
const struct parameter take_updated_since = {
	.name = "updated_since", .place = PARAMETER_QUERY, .check = parameter_checks_moment};

const struct parameter by_country = {.name = "country",
				     .place = PARAMETER_QUERY,
				     .check = parameter_checks_country,
				     .many = true};
const struct parameter by_article = {.name = "article",
				     .place = PARAMETER_QUERY,
				     .check = parameter_checks_article,
				     .many = true};
const struct parameter by_text = {
	.name = "q", .place = PARAMETER_QUERY, .check = parameter_checks_text};

const struct parameter by_treaty = CHOICES("treaty", TREATIES);
const struct parameter by_region = CHOICES("region", "002", "009", "019", "142", "150");
