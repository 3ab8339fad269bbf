/*
 * route_parameters: the parameters of more than one route, with their closed sets.
 */
#pragma once
#include "api/validate/parameter_checks.h"

extern const struct parameter path_code, path_number, path_article, path_id, path_change;
extern const struct parameter path_problem, path_file;

/* They select the form of a response. */
extern const struct parameter take_as_of, take_limit, take_cursor, take_sort, take_lang;
extern const struct parameter take_fields, take_include, take_format, take_updated_since;

/* They select rows of more than one resource; routes.c has those of a single one. */
extern const struct parameter by_country, by_treaty, by_article, by_region, by_text;

/* A filter with a closed set. */
/* The releases of clang-format differ about braces in a macro. */
/* clang-format off */
#define CHOICES(address_name, ...)                                                                 \
	{                                                                                          \
		.name = (address_name), .place = PARAMETER_QUERY, .check = parameter_checks_choice,           \
		.choices = (const char *const[]){__VA_ARGS__, NULL}, .many = true                  \
	}
/* clang-format on */
