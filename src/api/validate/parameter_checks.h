/*
 * parameter_checks: which values a parameter may have.
 *
 * Each is a route_parameter_check (http/routing/route.h): it returns the one spelling that all
 * equal values share, or fails with a message that says what is wrong and what is allowed.
 */
#pragma once
#include "http/routing/route.h"

enum { LIST_MAXIMUM = 50 };

/* A member of parameter->choices; several with `many`, sorted as the choices are. */
route_parameter_check parameter_checks_choice;

/* Any spelling of a country's code; up to LIST_MAXIMUM with `many`, in order of code. */
route_parameter_check parameter_checks_country;

/* [0-9]{1,2}(\.[0-9a-z]+)*; up to LIST_MAXIMUM with `many`. */
route_parameter_check parameter_checks_article;

/* Text to search for: 2 to 100 characters. */
route_parameter_check parameter_checks_text;

/* A day up to today in UTC. */
route_parameter_check parameter_checks_day;

/* 1 to LIMIT_MAXIMUM; to LIMIT_TABLE in CSV and NDJSON, which are read in bulk. */
route_parameter_check parameter_checks_limit;

/* The alphabet of cursors. The cursor is decoded when it is used (api/read/cursor.h). */
route_parameter_check parameter_checks_cursor;

/* A sort key of the route's document, with or without '-'. */
route_parameter_check parameter_checks_sort;

/* One of the route's representations. */
route_parameter_check parameter_checks_format;

/* Names of the record's fields; up to LIST_MAXIMUM, in order of name. */
route_parameter_check parameter_checks_fields;

/* Names of the includes of the route's document; up to LIST_MAXIMUM, in order of name. */
route_parameter_check parameter_checks_include;

/* A day or a time (RFC 3339); becomes a time in UTC with six decimals. */
route_parameter_check parameter_checks_moment;

/* The syntax of all identifiers. */
route_parameter_check parameter_checks_identifier;

/* A dataset revision. */
route_parameter_check parameter_checks_revision;

/* The identifier of a change: a revision, a hyphen and a place in the revision. */
route_parameter_check parameter_checks_change;
