/*
 * check: what a parameter may hold. Each is a parameter_check (http/route.h): it gives the one
 * spelling that all equal values share, or says what is wrong and what is allowed.
 */
#pragma once
#include "http/routing/route.h"

enum { LIMIT_DEFAULT = 100, LIMIT_MAXIMUM = 500, LIMIT_TABLE = 10000, LIST_MAXIMUM = 50 };

/* Cuts a list, comma-separated when the parameter takes many, into parts that live in the arena. */
MUST_CHECK bool check_split(const struct request *request, const struct parameter *parameter,
			    const char *text, const char *parts[LIST_MAXIMUM], size_t *count,
			    struct error *err);

/* Sorts, drops repetitions and joins with commas: equal lists get one spelling. */
MUST_CHECK bool check_join(const struct request *request, const char *parts[], size_t count,
			   const char **canonical, struct error *err);

/* A member of parameter->choices; several with `many`, sorted as the choices are. */
parameter_check check_choice;

/* Any spelling of a country's code; up to LIST_MAXIMUM with `many`, in order of code. */
parameter_check check_country;

/* [0-9]{1,2}(\.[0-9a-z]+)*; up to LIST_MAXIMUM with `many`. */
parameter_check check_article;

/* Text to search for: 2 to 100 characters. */
parameter_check check_text;

/* A day up to today in UTC. */
parameter_check check_day;

/* 1 to LIMIT_MAXIMUM, or to LIMIT_TABLE in CSV and NDJSON, which are read in bulk. */
parameter_check check_limit;

/* A cursor's alphabet; whether it is this list's is seen when it is used (api/cursor.h). */
parameter_check check_cursor;

/* A sort key of the route's document, with or without '-'. */
parameter_check check_sort;

/* One of the route's representations. */
parameter_check check_format;

/* Names of the record's fields; up to LIST_MAXIMUM, in order of name. */
parameter_check check_fields;

/* A day or a moment (RFC 3339); becomes a moment in UTC with six decimals. */
parameter_check check_moment;

/* The form that all identifiers have. */
parameter_check check_identifier;

/* A dataset revision. */
parameter_check check_revision;

/* A revision and, after a hyphen, a place in it. */
parameter_check check_change;
