/*
 * routes: the whole API at a glance.
 */
#pragma once
#include "http/routing/route.h"

/* Ends with an all-zero one. */
extern const struct route routes[];

/* The paths of the health probes; ends with a null pointer. */
extern const char *const probes[];

/* The one of them whose handler never waits. */
extern const char liveness_probe[];

/* The parameters of more than one route. */
extern const struct parameter path_code, path_number, path_article, path_id, path_change;
extern const struct parameter path_problem, path_file;
extern const struct parameter take_as_of, take_limit, take_cursor, take_sort, take_lang;
extern const struct parameter take_fields, take_include, take_format, take_updated_since;
extern const struct parameter by_country, by_treaty, by_article, by_region, by_member_of,
	by_source_kind, by_text;
