/*
 * check: what a parameter may hold. Each is a route_parameter_check (http/route.h): it gives the
 * one spelling that all equal values share, or says what is wrong and what is allowed.
 */
#pragma once
#include "http/routing/route.h"

enum { LIMIT_DEFAULT = 100, LIMIT_MAXIMUM = 500, LIMIT_TABLE = 10000, LIST_MAXIMUM = 50 };

/* Cuts a list, comma-separated when the parameter takes many, into parts that live in the arena. */
MUST_CHECK bool parameter_checks_split(const struct request *request,
				       const struct parameter *parameter, const char *text,
				       const char *parts[LIST_MAXIMUM], size_t *count,
				       struct error *err);

/* Sorts, drops repetitions and joins with commas: equal lists get one spelling. */
MUST_CHECK bool parameter_checks_join(const struct request *request, const char *parts[],
				      size_t count, const char **canonical, struct error *err);

/* A member of parameter->choices; several with `many`, sorted as the choices are. */
route_parameter_check check_choice;

/* Any spelling of a country's code; up to LIST_MAXIMUM with `many`, in order of code. */
route_parameter_check check_country;

/* [0-9]{1,2}(\.[0-9a-z]+)*; up to LIST_MAXIMUM with `many`. */
route_parameter_check check_article;

/* Text to search for: 2 to 100 characters. */
route_parameter_check check_text;

/* A day up to today in UTC. */
route_parameter_check check_day;

/* 1 to LIMIT_MAXIMUM, or to LIMIT_TABLE in CSV and NDJSON, which are read in bulk. */
route_parameter_check check_limit;

/* A cursor's alphabet; whether it is this list's is seen when it is used (api/cursor.h). */
route_parameter_check check_cursor;

/* A sort key of the route's document, with or without '-'. */
route_parameter_check check_sort;

/* One of the route's representations. */
route_parameter_check check_format;

/* Names of the record's fields; up to LIST_MAXIMUM, in order of name. */
route_parameter_check check_fields;

/* A day or a moment (RFC 3339); becomes a moment in UTC with six decimals. */
route_parameter_check check_moment;

/* The form that all identifiers have. */
route_parameter_check check_identifier;

/* A dataset revision. */
route_parameter_check check_revision;

/* A revision and, after a hyphen, a place in it. */
route_parameter_check check_change;
