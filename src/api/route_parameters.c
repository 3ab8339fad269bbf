#include "api/route_parameters.h"

#include "api/site/static_file.h"
#include "api/site/problem_pages.h"

#include "base/banned.h"

/* The releases of clang-format differ about braces in a macro. */
/* clang-format off */
#define SET(...) .choices = (const char *const[]){__VA_ARGS__, NULL}
#define IN_PATH(address_name, ...) {.name = (address_name), .place = PARAMETER_PATH, __VA_ARGS__}
#define IN_QUERY(address_name, ...) {.name = (address_name), .place = PARAMETER_QUERY, __VA_ARGS__}
#define CHECK(what) .check = parameter_checks_##what

#define TREATIES "185", "189", "224"

const struct parameter path_code = IN_PATH("code", CHECK(country), .binds = "country");
const struct parameter path_number = IN_PATH("number", CHECK(choice), .binds = "treaty", SET(TREATIES));
const struct parameter path_article = IN_PATH("article", CHECK(article));
const struct parameter path_id = IN_PATH("id", CHECK(identifier));
const struct parameter path_change = IN_PATH("id", CHECK(change));
const struct parameter path_problem = IN_PATH("name", .check = problem_pages_check);
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
const struct parameter by_article = IN_QUERY("article", CHECK(article), .many = true);
const struct parameter by_text = IN_QUERY("q", CHECK(text), .endless = true);

const struct parameter by_treaty = CHOICES("treaty", TREATIES);
const struct parameter by_region = CHOICES("region", "002", "009", "019", "142", "150");
